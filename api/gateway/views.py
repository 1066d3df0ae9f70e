"""Forward auth as a plain Django view: the reference for the boundary, and the door of servers without it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from api.gateway.forward_auth import answer


@csrf_exempt
@login_not_required
def forward_auth(request: HttpRequest, **_path: str) -> HttpResponse:
    """Whether a proxy may let the call pass that it describes."""
    status, headers, body = answer(request.META)
    response = HttpResponse(body, status=status)
    del response["Content-Type"]
    for name, value in headers:
        if name == "x-request-id":
            request.id = value  # type: ignore[attr-defined]
        response[name] = value
    return response
