"""OpenAPI from the route table: nothing is said twice."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from pydantic import BaseModel, Field

from api.litellm.envelopes import PROBLEM_JSON
from api.litellm.route import Route


class ErrorBody(BaseModel):
    """Shape A."""

    message: str
    type: str
    param: str | None = None
    code: str
    decision: dict[str, Any] | None = Field(None, description="why: on 403")
    reason: str | None = Field(None, description="a word for machines: on 409")


class ErrorEnvelope(BaseModel):
    error: ErrorBody


class DetailBody(BaseModel):
    """Shape B."""

    error: str
    param: str | None = None
    decision: dict[str, Any] | None = None
    reason: str | None = None


class DetailEnvelope(BaseModel):
    detail: DetailBody


class ProblemBody(BaseModel):
    """Shape D, RFC 7807."""

    type: str
    title: str
    status: int
    detail: str
    param: str | None = None
    decision: dict[str, Any] | None = None
    reason: str | None = None


ENVELOPES: dict[str, Any] = {"error": ErrorEnvelope, "detail": DetailEnvelope, "problem": ProblemBody}


class Misfit(BaseModel):
    """One field that does not fit the request model."""

    loc: list[str | int]
    msg: str
    type: str
    input: Any = None


class Misfits(BaseModel):
    detail: list[Misfit]


MEANINGS = {
    400: "A rule is broken; the field is named",
    403: "Visible, but not allowed; the decision says why",
    404: "Not there, or not visible",
}


class RouteSchema(AutoSchema):
    """Reads everything from `view.routes`."""

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
        """The fields of the model as query parameters, where there is no body."""
        if self.route.reads_body(self.method):
            return []
        schema = self.route.request.model_json_schema()
        found = schema.get("properties", {})
        required = schema.get("required", [])
        return [OpenApiParameter(name, inline(part, schema), required=name in required) for name, part in found.items()]

    def get_response_serializers(self) -> Any:
        error = ENVELOPES[self.route.envelope]
        answers: dict[Any, Any] = {200: self.route.response}
        if self.route.media:
            answers = {(200, media): OpenApiTypes.STR for media in self.route.media}
        if self.route.public and not self.route.request.model_fields:
            return answers
        if self.route.public:
            refused = {status: OpenApiResponse(error, MEANINGS[status]) for status in (400, 404)}
            return {**answers, **refused, 422: OpenApiResponse(Misfits, "Does not fit the request model")}
        answers[401] = OpenApiResponse(ErrorEnvelope, "No key, or one that opens nothing")
        for status, meaning in MEANINGS.items():
            answers[(status, PROBLEM_JSON) if error is ProblemBody else status] = OpenApiResponse(error, meaning)
        if self.route.writes:
            answers[409] = OpenApiResponse(error, "A guard holds, or it exists already")
        answers[422] = OpenApiResponse(Misfits, "Does not fit the request model")
        return answers


def inline(part: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter's schema without references and without the noise of optional ones."""
    if "$ref" in part:
        part = schema["$defs"][part["$ref"].rsplit("/", 1)[-1]]
    options = [option for option in part.get("anyOf", []) if option.get("type") != "null"]
    found = {**part, **inline(options[0], schema)} if len(options) == 1 else dict(part)
    for noise in ("anyOf", "title", "description") if len(options) == 1 else ("title",):
        found.pop(noise, None)
    return found
