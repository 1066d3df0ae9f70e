"""How refusals look to Kubernetes' clients: `kind: Status`, with a reason and, of a manifest's mistakes, all causes."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.signals import got_request_exception
from django.db import IntegrityError
from django.http import HttpRequest, JsonResponse
from rest_framework.exceptions import APIException

from keys.actors import AuthenticationFailed, TokenRefused
from manifests.errors import DUPLICATE, INVALID, UNKNOWN, Cause, Invalid
from manifests.kinds import Kind
from rbacadmin.errors import Conflict, Duplicate, NotFound, PermissionDenied, TooMany
from rbacadmin.logs import SECRET

logger = logging.getLogger(__name__)

REASONS = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    406: "NotAcceptable",
    409: "Conflict",
    410: "Expired",
    413: "RequestEntityTooLarge",
    415: "UnsupportedMediaType",
    422: "Invalid",
    429: "TooManyRequests",
    500: "InternalError",
    503: "ServiceUnavailable",
}
PATHS = ("/api/", "/apis", "/openapi/", "/version")


class Problem(Exception):
    """A request that this dialect turns down itself."""

    def __init__(self, code: int, message: str, reason: str = "", causes: Sequence[Cause] = ()) -> None:
        super().__init__(message)
        self.code, self.message, self.reason, self.causes = code, message, reason or REASONS[code], tuple(causes)


def failure(code: int, message: str) -> dict[str, Any]:
    """The body of a failure that happened before the dialect was asked."""
    return status_of(code, message)


def status_of(
    code: int,
    message: str,
    reason: str = "",
    *,
    kind: Kind | None = None,
    name: str = "",
    causes: Sequence[Cause] = (),
    retry_after: int | None = None,
) -> dict[str, Any]:
    """A Status that says what went wrong."""
    details: dict[str, Any] = {"name": name, "retryAfterSeconds": retry_after}
    if kind is not None:
        details |= {"group": kind.group, "kind": kind.name if code == 422 else kind.plural}
    listed = [{"reason": cause.reason, "message": clean(cause.message), "field": cause.field} for cause in causes]
    details = {key: value for key, value in {**details, "causes": listed}.items() if value}
    found = {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": clean(message),
        "reason": reason or REASONS.get(code, "Unknown"),
        "code": code,
    }
    return {**found, "details": details} if details else found


def success(kind: Kind, name: str, uid: str) -> dict[str, Any]:
    """What a deletion answers."""
    details = {"name": name, "group": kind.group, "kind": kind.plural, "uid": uid}
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details}


def clean(message: str) -> str:
    return SECRET.sub("[secret]", message)


def answer(request: HttpRequest, error: Exception, kind: Kind | None = None, name: str = "") -> JsonResponse:
    """The answer to a request that was refused. What is no refusal is a bug: 500, and the log says what."""
    code, message, reason, causes = told(error, kind, name)
    headers = {"WWW-Authenticate": "Bearer"} if code == 401 else {}
    retry_after = error.retry_after if isinstance(error, TooMany) else None
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    if code == 500:
        got_request_exception.send(sender=None, request=request)
        logger.error("unhandled error in %s", request.path, exc_info=error)
    body = status_of(code, message, reason, kind=kind, name=name, causes=causes, retry_after=retry_after)
    return JsonResponse(body, status=code, headers=headers)


def told(error: Exception, kind: Kind | None, name: str) -> tuple[int, str, str, Sequence[Cause]]:
    """Code, message, reason and causes of an error."""
    about = f'{kind.plural}.{kind.group} "{name}"' if kind is not None else "the resource"
    match error:
        case Problem():
            return error.code, error.message, error.reason, error.causes
        case TokenRefused() if error.status != 401:
            return error.status, error.message, "", ()
        case AuthenticationFailed():
            return 401, "Unauthorized", "", ()
        case PermissionDenied():
            return 403, f"{about} is forbidden: {error}", "", ()
        case NotFound():
            what = f"{kind.plural}.{kind.group}" if kind is not None else f"{error.kind.lower()}s"
            return 404, f'{what} "{name or error.ident}" not found', "", ()
        case Conflict() if error.code == "exists":
            return 409, error.message, "AlreadyExists", ()
        case Conflict():
            return 409, f"Operation cannot be fulfilled on {about}: {error.message}", "", ()
        case TooMany():
            return 429, str(error), "", ()
        case Invalid() if all(cause.reason == UNKNOWN for cause in error.causes):
            words = ", ".join(cause.message for cause in error.causes)
            return 400, f"strict decoding error: {words}", "", ()
        case ValidationError():
            causes = error.causes if isinstance(error, Invalid) else causes_of(error, kind)
            what = f'{kind.name}.{kind.group} "{name}"' if kind is not None else "The request"
            return 422, f"{what} is invalid: {', '.join(map(str, causes))}", "", causes
        case IntegrityError():
            return 409, "Somebody else changed this at the same moment; please try again", "", ()
        case APIException():
            return error.status_code, str(error.detail), "", ()
    return 500, "Something went wrong here; the request's id is in X-Request-ID.", "", ()


def causes_of(error: ValidationError, kind: Kind | None) -> list[Cause]:
    """What a service found wrong, field by field, under the names that the spec has for columns."""
    reason = DUPLICATE if isinstance(error, Duplicate) else INVALID
    if not hasattr(error, "error_dict"):
        return [Cause("spec", text, reason) for text in error.messages]
    names: Mapping[str, str] = {column: field for field, column in kind.fields.items()} if kind is not None else {}
    return [
        Cause("spec" if column == "__all__" else f"spec.{names.get(column, column)}", text, reason)
        for column, messages in error.message_dict.items()
        for text in messages
    ]
