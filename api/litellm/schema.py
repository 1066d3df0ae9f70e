"""What the routes of this dialect answer, for OpenAPI."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from pydantic import BaseModel, Field

from api.litellm.envelopes import PROBLEM_JSON
from api.schema import TableSchema


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


class RouteSchema(TableSchema):
    """Reads everything from `view.routes`."""

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
