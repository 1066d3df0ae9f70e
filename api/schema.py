"""OpenAPI from a route table: nothing is said twice."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from api.context import HEADERS, InContext
from api.route import Route


class TableSchema(AutoSchema):
    """Reads everything but the answers from `view.routes`."""

    @property
    def route(self) -> Route:
        found: Route = self.view.routes[self.method]  # type: ignore[attr-defined]
        return found

    def get_operation_id(self) -> str:
        first = self.route.methods[0] == self.method
        return self.route.name.replace("-", "_") + ("" if first else f"_{self.method.lower()}")

    def get_tags(self) -> list[str]:
        return [self.route.tag]

    def get_summary(self) -> str:
        return self.route.summary

    def get_description(self) -> str:  # type: ignore[override]
        parts = [self.route.request.__doc__ or ""] if self.route.request.__doc__ and self.method == "GET" else []
        parts += [f"Action: `{self.route.action.value}`."] if self.route.action else []
        if self.method != self.route.methods[0]:
            parts.append(f"The same as {self.route.methods[0]}.")
        return " ".join(parts)

    def get_auth(self) -> list[dict[str, Any]]:
        return [] if self.route.public else super().get_auth()

    def get_request_serializer(self) -> Any:
        takes_body = self.route.reads_body(self.method) and self.route.request.model_fields
        return self.route.request if takes_body else None

    def get_override_parameters(self) -> list[Any]:
        """The fields of the model as query parameters, where there is no body, and the headers that it takes."""
        takes_context = issubclass(self.route.request, InContext)
        headers = [OpenApiParameter(name, str, OpenApiParameter.HEADER) for name in HEADERS.values() if takes_context]
        if self.route.reads_body(self.method):
            return headers
        schema = self.route.request.model_json_schema()
        found = schema.get("properties", {})
        required = schema.get("required", [])
        fields = [
            OpenApiParameter(name, inline(part, schema), required=name in required) for name, part in found.items()
        ]
        return fields + headers


def inline(part: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter's schema without references and without the noise of optional ones."""
    if "$ref" in part:
        part = schema["$defs"][part["$ref"].rsplit("/", 1)[-1]]
    options = [option for option in part.get("anyOf", []) if option.get("type") != "null"]
    found = {**part, **inline(options[0], schema)} if len(options) == 1 else dict(part)
    for noise in ("anyOf", "title", "description") if len(options) == 1 else ("title",):
        found.pop(noise, None)
    return found
