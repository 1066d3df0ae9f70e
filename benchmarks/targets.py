"""What decisions are compared with: `granian benchmarks.targets:hello`, and a Django that does nothing but answer."""

from collections.abc import Callable
from typing import Any

OK = [("content-type", "text/plain"), ("content-length", "2")]


def hello(_environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """The least that a WSGI server can be asked to do."""
    start_response("200 OK", OK)
    return [b"ok"]


def bare() -> Any:
    """A Django of its own with one view and no middleware, as a WSGI application."""
    import django
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpRequest, HttpResponse
    from django.urls import path

    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(b"ok", content_type="text/plain")

    urls = type("Urls", (), {"urlpatterns": [path("hello", view)]})
    settings.configure(
        DEBUG=False, SECRET_KEY="bench", ALLOWED_HOSTS=["*"], ROOT_URLCONF=urls, MIDDLEWARE=[], LOGGING_CONFIG=None
    )
    django.setup()
    return get_wsgi_application()
