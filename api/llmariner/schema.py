"""What the operations of this dialect answer, for OpenAPI."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse
from pydantic import BaseModel

from api.schema import TableSchema
from api.types import Nothing


class StatusMessage(BaseModel):
    """gRPC's status: a code, a sentence, and standard messages that say more."""

    code: int
    message: str
    details: list[dict[str, Any]]


MEANINGS = {
    400: "3: does not fit, or breaks a rule; the field is named",
    401: "16: no key, or one that opens nothing",
    403: "7: visible, but not allowed",
    404: "5: not there, or not visible",
}


class OperationSchema(TableSchema):
    """Reads everything from `view.routes`."""

    def get_operation_id(self) -> str:
        return f"llmariner_{self.method.lower()}_{self.route.name.replace('-', '_')}"

    def get_tags(self) -> list[str]:
        return ["llmariner"]

    def get_request_serializer(self) -> Any:
        shown = self.route.request.model_json_schema().get("properties")
        return super().get_request_serializer() if shown and self.method != "DELETE" else None

    def get_override_parameters(self) -> list[Any]:
        return super().get_override_parameters() if self.route.request is not Nothing else []

    def get_response_serializers(self) -> Any:
        answers: dict[Any, Any] = {200: self.route.response}
        answers |= {status: OpenApiResponse(StatusMessage, meaning) for status, meaning in MEANINGS.items()}
        if self.route.writes:
            answers[409] = OpenApiResponse(StatusMessage, "6: it exists already; 10: a guard holds")
        return answers
