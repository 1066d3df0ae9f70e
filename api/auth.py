"""Who calls a dialect: a bearer key and nothing else. No cookie is read, hence nothing can be forged through one."""

from collections.abc import Mapping

from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from keys.actors import AuthenticationFailed, actor_for_bearer
from rbacadmin.http import client_ip
from rbacadmin.policy import Actor, Origin

# Besides Authorization: what LiteLLM's, Azure's and Anthropic's clients send.
KEY_HEADERS = ("x-litellm-api-key", "api-key", "x-api-key")
MAX_TOKEN = 8192  # longer than any key or JWT that we accept; a header that is longer is junk


class BearerAuthentication(BaseAuthentication):
    """Puts the Actor behind the key on the request, in the place of whatever a session cookie may have put there."""

    door = "litellm"  # unless the view says another

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Actor]:
        """The Actor, as `request.auth` and `request.actor`. Raises AuthenticationFailed (401)."""
        view = (request.parser_context or {}).get("view")
        origin = origin_of(request, getattr(view, "door", self.door))
        request._request.actor = Actor.nobody(origin)  # type: ignore[attr-defined]
        actor = actor_for_bearer(token_of(request), origin)
        request._request.actor = actor  # type: ignore[attr-defined]
        return AnonymousUser(), actor

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def origin_of(request: Request, door: str = BearerAuthentication.door) -> Origin:
    """From where the request came, for the record."""
    return Origin(door=door, ip=client_ip(request._request), request_id=getattr(request._request, "id", ""))


def token_of(request: Request) -> str:
    """The key that a request carries. Raises AuthenticationFailed when there is none."""
    return bearer_of(request.headers)


def bearer_of(headers: Mapping[str, str]) -> str:
    """The key that headers carry. Raises AuthenticationFailed when there is none."""
    scheme, _, token = headers.get("Authorization", "").strip().partition(" ")
    found = token.strip() if scheme.lower() == "bearer" else ""
    for header in KEY_HEADERS:
        found = found or headers.get(header, "").strip().removeprefix("Bearer ")
    if not found:
        raise AuthenticationFailed("auth_error", "Authentication Error, No api key passed in.")
    if len(found) > MAX_TOKEN:
        raise AuthenticationFailed("auth_error", "The api key is longer than any key can be.")
    return found


class HasActor(BasePermission):
    """Denies by default: a view without our authentication has no Actor, so nobody passes."""

    def has_permission(self, request: Request, view: object) -> bool:
        return isinstance(request.auth, Actor)
