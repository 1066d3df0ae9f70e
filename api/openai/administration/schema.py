"""OpenAPI of the administration API, from its route table."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse

from api.litellm.schema import ErrorEnvelope
from api.schema import TableSchema

MEANINGS = {
    400: "Does not fit, or a rule is broken; `param` names the field",
    401: "No key, or one that opens nothing",
    403: "Visible, but not allowed; the decision says why",
    404: "Not there, or not visible",
}


class AdministrationSchema(TableSchema):
    """As the other dialect's, with one envelope for all refusals."""

    def get_operation_id(self) -> str:
        return str(self.route.operation)  # type: ignore[attr-defined]

    def is_excluded(self) -> bool:
        return not self.route.offered  # type: ignore[attr-defined]

    def get_response_serializers(self) -> Any:
        refused = {status: OpenApiResponse(ErrorEnvelope, meaning) for status, meaning in MEANINGS.items()}
        if self.route.writes:
            refused[409] = OpenApiResponse(ErrorEnvelope, "A guard holds, or it exists already")
        return {200: self.route.response, **refused}
