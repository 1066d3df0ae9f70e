"""The schema of all dialects, and its documentation from local files."""

from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularSwaggerSplitView


class BearerScheme(OpenApiAuthenticationExtension):
    """How a bearer key looks in the schema."""

    target_class = "api.auth.BearerAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A virtual key (sk-...)"}


@cache
def schema() -> dict[str, Any]:
    """The whole schema; the routes do not change while a process lives."""
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return found


@login_not_required
@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """The schema as JSON. Public: it says no more than the documentation does."""
    return JsonResponse(schema())


class Docs(SpectacularSwaggerSplitView):
    """Swagger UI from the sidecar, without inline script or style, so that the strict policy holds here too."""

    url_name = "openapi"
    template_name = "api/docs.html"
    authentication_classes: list[Any] = []
