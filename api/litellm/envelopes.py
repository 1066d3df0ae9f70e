"""How refusals look to LiteLLM's clients: shape A `{"error": ...}` and shape B `{"detail": ...}`."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal

import pydantic
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.core.signals import got_request_exception
from django.db import IntegrityError, OperationalError
from django.http import Http404
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from keys.actors import AuthenticationFailed, TokenRefused
from keys.permissions import to_routes
from rbacadmin.errors import Conflict, Duplicate, NotFound, PermissionDenied, TooMany, WrongPassword
from rbacadmin.logs import SECRET

Shape = Literal["error", "detail", "problem"]
PROBLEM_JSON = "application/problem+json"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Problem:
    """One refusal, before it takes a shape. `extra` stands beside the message, for example the decision."""

    status: int
    message: str
    type: str = "invalid_request_error"
    param: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    shape: Shape | None = None  # set where LiteLLM uses one shape on every route

    def response(self, shape: Shape) -> Response:
        if (self.shape or shape) == "error":
            body: dict[str, Any] = {
                "message": SECRET.sub("[secret]", self.message),
                "type": self.type,
                "param": self.param,
                "code": str(self.status),
                **self.extra,
            }
            return Response({"error": body}, status=self.status, headers=dict(self.headers))
        if (self.shape or shape) == "problem":
            return self.problem()
        body = {
            "error": SECRET.sub("[secret]", self.message),
            **({"param": self.param} if self.param else {}),
            **self.extra,
        }
        return Response({"detail": body}, status=self.status, headers=dict(self.headers))

    def problem(self) -> Response:
        """As RFC 7807 has it; what stands beside the message are members of its own."""
        body = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": SECRET.sub("[secret]", self.message),
            **({"param": self.param} if self.param else {}),
            **self.extra,
        }
        return Response(body, status=self.status, headers=dict(self.headers), content_type=PROBLEM_JSON)


def problem_of(error: Exception, *, names: Mapping[str, str], duplicate_status: int = 400) -> Problem | None:
    """The problem behind an exception; None when it is none that we know. `names` turn columns into wire names."""
    match error:
        case TokenRefused() if error.status != 401:
            wait = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
            return Problem(error.status, error.message, error.code, headers=wait, shape="error")
        case AuthenticationFailed():
            return Problem(401, error.message, error.code, headers={"WWW-Authenticate": "Bearer"}, shape="error")
        case PermissionDenied():
            return denied(error)
        case NotFound():
            return Problem(404, str(error), "not_found_error")
        case Conflict():
            return Problem(409, error.message, param=wire(error.field, names), extra={"reason": error.code})
        case WrongPassword():
            return Problem(400, str(error), param=error.field)
        case TooMany():
            return Problem(429, str(error), "rate_limit_error", headers={"Retry-After": str(error.retry_after)})
        case Duplicate() if error.code == "already_member":
            return Problem(400, first_message(error), "team_member_already_in_team", "member", shape="error")
        case ValidationError():
            status = duplicate_status if isinstance(error, Duplicate) else 400
            return Problem(status, sentence(error, names), "bad_request_error", wire(first_field(error), names))
        case OperationalError():
            return Problem(
                503, "The database is busy or away. Try again.", "no_db_connection", headers={"Retry-After": "1"}
            )
        case IntegrityError():
            return Problem(409, "Somebody else changed this at the same moment. Try again.")
        case Http404():
            return Problem(404, "Nothing is here.", "not_found_error")
        case SuspiciousOperation():
            return Problem(400, "The request is not valid.")
        case APIException():
            text = error.detail if isinstance(error.detail, str) else "The request is not valid."
            return Problem(error.status_code, str(text))
    return None


def denied(error: PermissionDenied) -> Problem:
    """403 with the decision. About a team's keys, LiteLLM names the route that `team_member_permissions` would open."""
    decision = {"decision": error.decision.as_dict()}
    routes = to_routes([error.decision.action])
    if routes and (getattr(error.obj, "kind", "") == "team" or getattr(error.obj, "team_id", None)):
        return Problem(403, str(error), "team_member_permission_error", routes[0], extra=decision)
    return Problem(403, str(error), "auth_error", extra=decision)


def unfit(error: pydantic.ValidationError, where: str) -> Response:
    """422: what does not fit the request model, as FastAPI lists it. `input` never repeats a secret."""
    found = error.errors(include_url=False, include_context=False)
    listed = [
        {
            "loc": [where, *map(redact, e["loc"])],
            "msg": SECRET.sub("[secret]", e["msg"]),
            "type": e["type"],
            "input": redact(e["input"]),
        }
        for e in found[:50]
    ]
    return Response({"detail": listed}, status=422)


def redact(value: Any) -> Any:
    """The value with everything blanked that is, or is named like, a secret; long texts are cut."""
    if isinstance(value, str):
        return SECRET.sub("[secret]", value)[:200]
    if isinstance(value, dict):
        return {
            redact(name): "[secret]" if is_secret(str(name)) and isinstance(item, str) else redact(item)
            for name, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [redact(item) for item in value[:50]]
    return value if value is None or isinstance(value, bool | int | float) else str(value)[:200]


def is_secret(name: str) -> bool:
    return any(word in name.lower() for word in ("password", "secret", "token", "credential")) or name.lower() in (
        "key",
        "keys",
        "api_key",
        "new_key",
    )


def crashed(error: Exception, request: Any) -> Problem:
    """500 without details; the log has them. The signal tells Django's test client and error reporters."""
    got_request_exception.send(sender=None, request=request)
    logger.error("unhandled error in %s", getattr(request, "path", "?"), exc_info=error)
    return Problem(500, "Something went wrong here; the request's id is in X-Request-ID.", "internal_server_error")


def wire(column: str | None, names: Mapping[str, str]) -> str | None:
    return names.get(column, column) if column else None


def first_field(error: ValidationError) -> str | None:
    found = next(iter(error.message_dict), None) if hasattr(error, "error_dict") else None
    return None if found == "__all__" else found


def first_message(error: ValidationError) -> str:
    return error.messages[0]


def sentence(error: ValidationError, names: Mapping[str, str]) -> str:
    """All messages, each with its field when there are several."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    found = error.message_dict
    if len(found) == 1:
        return " ".join(next(iter(found.values())))
    return " ".join(f"{wire(name, names)}: {' '.join(messages)}" for name, messages in found.items())
