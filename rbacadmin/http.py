"""What every request passes before anything else: an id, and no NUL bytes."""

import re
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestMiddleware:
    """Gives the request an id, for logs, audit rows and the answer, and refuses NUL in path and query (a 500 otherwise)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request.id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.id)  # type: ignore[attr-defined]
        if has_nul(request):
            response: HttpResponse = JsonResponse(
                {
                    "error": {
                        "message": "NUL bytes are not allowed.",
                        "type": "invalid_request_error",
                        "param": None,
                        "code": "400",
                    }
                },
                status=400,
            )
        else:
            response = self.get_response(request)
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        return response


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
