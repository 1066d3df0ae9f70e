"""What all views of this dialect share: who calls (a bearer and nothing else), JSON out, and Status for refusals."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from api.auth import bearer_of
from api.kubernetes import status
from api.litellm import presets
from keys.actors import actor_for_bearer
from manifests.kinds import BY_PLURAL, KINDS, VERSION, Kind
from rbacadmin.http import client_ip
from rbacadmin.policy import Action, Actor, Origin

DOOR = "kubernetes"
View = Callable[..., HttpResponseBase]


def door(*methods: str) -> Callable[[View], View]:
    """A view of these methods: `view(request, actor, ...)`."""

    def mark(view: View) -> View:
        @functools.wraps(view)
        def answered(request: HttpRequest, **parts: str) -> HttpResponseBase:
            try:
                actor = caller(request)
                if request.method not in methods and not (request.method == "HEAD" and "GET" in methods):
                    raise status.Problem(405, "the server does not allow this method on the requested resource")
                response = view(request, actor, **parts)
            except IntegrityError as error:
                response = refused(request, error, parts)
            except DatabaseError:
                raise  # the middleware says that the database is away
            except Exception as error:
                response = refused(request, error, parts)
            response["Cache-Control"] = "no-store"
            return response

        return csrf_exempt(login_not_required(answered))

    return mark


def refused(request: HttpRequest, error: Exception, parts: dict[str, str]) -> HttpResponseBase:
    kind = BY_PLURAL.get((parts.get("group", ""), parts.get("plural", "")))
    return status.answer(request, error, kind, parts.get("name", ""))


def caller(request: HttpRequest) -> Actor:
    """Who calls. Raises AuthenticationFailed."""
    origin = Origin(door=DOOR, ip=client_ip(request), request_id=getattr(request, "id", ""))
    request.actor = Actor.nobody(origin)  # type: ignore[attr-defined]
    actor = actor_for_bearer(bearer_of(request.headers), origin)
    request.actor = actor  # type: ignore[attr-defined]
    return actor


def require_route(request: HttpRequest, actor: Actor, action: Action | None) -> None:
    """Raise PermissionDenied when the key or the role that calls is held to other routes."""
    presets.require_route(actor, request.path_info, action)


def kind_of(group: str, version: str, plural: str) -> Kind:
    """The kind that a path names. Raises Problem (404)."""
    kind = BY_PLURAL.get((group, plural))
    if kind is None or version != VERSION:
        raise status.Problem(404, "the server could not find the requested resource")
    return kind


def groups() -> dict[str, list[Kind]]:
    """The kinds by their group."""
    found: dict[str, list[Kind]] = {}
    for kind in KINDS.values():
        found.setdefault(kind.group, []).append(kind)
    return found


def json(document: Any, code: int = 200) -> HttpResponse:
    return JsonResponse(document, status=code, safe=False)
