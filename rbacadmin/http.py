"""What every request passes before anything else: an id, and no NUL bytes."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django_htmx.middleware import HtmxDetails
from psycopg_pool import PoolTimeout

from rbacadmin.policy import Actor

logger = structlog.stdlib.get_logger(__name__)

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


# What a failure that no dialect has seen looks like, by the beginning of the path, where it is not OpenAI's envelope.
# Upper apps add theirs in `ready()`.
ENVELOPES: dict[str, Callable[[int, str], dict[str, Any]]] = {}


class Request(HttpRequest):
    """What our middleware adds to a request, for the type checker."""

    id: str
    actor: Actor
    htmx: HtmxDetails


class RequestMiddleware:
    """Gives the request an id, for logs, audit rows and the answer, and refuses NUL in path and query.

    A NUL would travel on to the database and come back as a 500.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        ident = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        request.id = ident  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=ident)
        if has_nul(request):
            response = failure(request, 400, "NUL bytes are not allowed.")
        else:
            response = self.get_response(request)
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]  # forward auth has put the call's id there
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A database that is away or busy is no bug of the caller's: come back in a second."""
        if not isinstance(exception, OperationalError | InterfaceError | PoolTimeout):
            return None
        logger.warning("database away", reason=type(exception).__name__)
        response = failure(request, 503, "The database is busy or away; try again.")
        response["Retry-After"] = "1"
        return response


class LanguageMiddleware(LocaleMiddleware):
    """Pages speak the reader's language. Programs read messages too, and always get the same ones."""

    def process_request(self, request: HttpRequest) -> None:
        if for_people(request):
            super().process_request(request)
        else:
            translation.activate(settings.LANGUAGE_CODE)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        return super().process_response(request, response) if for_people(request) else response


def failure(request: HttpRequest, status: int, message: str) -> HttpResponse:
    """An error that no dialect has seen: a page for people, for programs the envelope of the dialect asked."""
    if for_people(request):
        # without the request: its context asks the database who is signed in, and that may be what is away
        return HttpResponse(render_to_string("problem.html", {"status": status, "message": message}), status=status)
    for beginning, envelope in ENVELOPES.items():
        if request.path_info.startswith(beginning):
            return JsonResponse(envelope(status, message), status=status)
    kind = "internal_server_error" if status >= 500 else "not_found_error" if status == 404 else "invalid_request_error"
    return JsonResponse(
        {"error": {"message": message, "type": kind, "param": None, "code": str(status)}}, status=status
    )


def for_people(request: HttpRequest) -> bool:
    """Whether a browser asks: by the place it asks at."""
    return request.path_info.startswith(("/ui", "/accounts/", "/admin/")) or request.path_info == "/"


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler404`: no such place."""
    if for_people(request):
        return render(request, "404.html", status=404)
    return failure(request, 404, "There is no such route.")


def failed(request: HttpRequest) -> HttpResponse:
    """`handler500`: a bug of ours. Says nothing of it; the log does."""
    if for_people(request):
        return HttpResponse(render_to_string("500.html"), status=500)
    return failure(request, 500, "Internal error; the request id is in the X-Request-ID header.")


def has_nul(request: HttpRequest) -> bool:
    """Whether the path or the query holds a NUL, plain or escaped."""
    query = request.META.get("QUERY_STRING", "")
    return "\0" in request.path_info or "\0" in query or "%00" in query


def client_ip(request: HttpRequest) -> str | None:
    """The caller's address: the nth from the right of X-Forwarded-For, n being the number of trusted proxies."""
    from rbacadmin.conf import conf

    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if conf.trusted_proxies and len(forwarded) >= conf.trusted_proxies:
        return forwarded[-conf.trusted_proxies]
    return request.META.get("REMOTE_ADDR") or None
