"""What a refusal is, before a dialect puts it into its envelope: its status, its words, and the field it is about."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import SuspiciousOperation, ValidationError
from django.core.signals import got_request_exception
from django.db import IntegrityError, OperationalError
from django.http import Http404
from rest_framework.exceptions import APIException

from keys.actors import AuthenticationFailed, TokenRefused
from manifests.errors import Mistaken
from rbacadmin.errors import Conflict, Duplicate, NotFound, PermissionDenied, TooMany, WrongPassword
from rbacadmin.logs import SECRET

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Problem:
    """One refusal. `type` is a word for programs, `extra` stands beside the message, for example the decision."""

    status: int
    message: str
    type: str = "invalid_request_error"
    param: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    everywhere: bool = False  # looks the same on every route, where a dialect has several envelopes

    @property
    def words(self) -> str:
        """The message without whatever looks like a secret."""
        return SECRET.sub("[secret]", self.message)


def problem_of(error: Exception, *, names: Mapping[str, str], duplicate_status: int = 400) -> Problem | None:
    """The problem behind an exception; None when it is none that we know. `names` turn columns into wire names."""
    match error:
        case TokenRefused() if error.status != 401:
            wait = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
            return Problem(error.status, error.message, error.code, headers=wait, everywhere=True)
        case AuthenticationFailed():
            return Problem(401, error.message, error.code, headers={"WWW-Authenticate": "Bearer"}, everywhere=True)
        case PermissionDenied():
            return Problem(403, str(error), "auth_error", extra={"decision": error.decision.as_dict()})
        case NotFound():
            return Problem(404, str(error), "not_found_error")
        case Conflict():
            return Problem(409, error.message, param=wire(error.field, names), extra={"reason": error.code})
        case Mistaken():
            listed = [{"file": one.file, "line": one.line, "message": one.message} for one in error.found]
            return Problem(error.status, str(error.found[0]), extra={"mistakes": listed})
        case WrongPassword():
            return Problem(400, str(error), param=error.field)
        case TooMany():
            return Problem(429, str(error), "rate_limit_error", headers={"Retry-After": str(error.retry_after)})
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
