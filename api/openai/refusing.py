"""Refusals as OpenAI's clients read them: `{"error": {message, type, param, code}}`, and what goes along in headers."""

import logging
from collections.abc import Iterable

from django.core.signals import got_request_exception
from django.http import HttpRequest, JsonResponse
from rest_framework.exceptions import ParseError

from gateway.admission import Refused
from gateway.upstream import UpstreamFailure
from keys.actors import AuthenticationFailed
from rbacadmin.logs import SECRET

logger = logging.getLogger(__name__)


class Problem(Exception):
    """A request that is refused before anybody asks whether it may."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        param: str | None = None,
        headers: Iterable[tuple[str, str]] = (),
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.kind, self.param, self.headers = status, message, kind, param, headers


def answer(request: HttpRequest, error: Exception) -> JsonResponse:
    """The answer to a request that failed. What is no refusal is a bug: 500, and the log says what."""
    match error:
        case AuthenticationFailed():
            return envelope(401, error.message, error.code, headers=[("WWW-Authenticate", "Bearer")])
        case Refused():
            found = error.refusal
            known = [("WWW-Authenticate", "Bearer")] if found.status == 401 else []
            return envelope(found.status, found.message, found.code, found.param, headers=[*known, *found.headers])
        case Problem():
            return envelope(error.status, error.message, error.kind, error.param, headers=error.headers)
        case ParseError():
            return envelope(400, str(error.detail))
        case UpstreamFailure():
            wait = [] if error.retry_after is None else [("Retry-After", str(error.retry_after))]
            return envelope(error.status, error.message, error.kind, error.param, error.code, headers=wait)
    got_request_exception.send(sender=None, request=request)
    logger.error("unhandled error in %s", request.path, exc_info=error)
    return envelope(500, "Something went wrong here; the request's id is in X-Request-ID.", "internal_server_error")


def envelope(
    status: int,
    message: str,
    kind: str = "invalid_request_error",
    param: str | None = None,
    code: str | None = None,
    headers: Iterable[tuple[str, str]] = (),
) -> JsonResponse:
    """OpenAI's error. `code` is the status as text unless the provider has a word for it."""
    error = {"message": SECRET.sub("[secret]", message), "type": kind, "param": param, "code": code or str(status)}
    response = JsonResponse({"error": error}, status=status)
    for name, value in headers:
        response[name] = value
    return response
