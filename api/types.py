"""What a field of a request may hold, in every dialect. Every number has bounds, every text and list a length."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

BIG = 2**53  # the largest whole number that every JSON reader keeps

Text = Annotated[str, Field(max_length=255)]
Ident = Annotated[str, Field(min_length=1, max_length=255, description="UUID, public id or prefixed id")]
Named = Annotated[str, Field(min_length=1, max_length=255)]
Count = Annotated[int, Field(ge=0, le=BIG)]
Names = Annotated[list[Named], Field(max_length=1000)]
Idents = Annotated[list[Ident], Field(max_length=500)]
Metadata = Annotated[dict[str, Any], Field(max_length=1000)]
# What every database can hold, in every zone.
Moment = Annotated[AwareDatetime, Field(gt=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(9000, 1, 1, tzinfo=UTC))]
PageNumber = Annotated[int, Field(ge=1, le=10_000)]
PageSize = Annotated[int, Field(ge=1, le=100)]
Sort = Literal["asc", "desc"]


def quiet(schema: dict[str, Any]) -> None:
    """Leave "default: null" out of the schema: documentation would show it as the example."""
    for part in schema.get("properties", {}).values():
        part.pop("title", None)
        if part.get("default", ...) is None:
            part.pop("default")


class Request(BaseModel):
    """A request body with the query merged in. Unknown fields are ignored, as the dialects' originals do.

    What was left out keeps its value, an explicit null clears it: `model_fields_set` tells the two apart.
    """

    model_config = ConfigDict(extra="ignore", json_schema_extra=quiet)


class Nothing(Request):
    """A route without parameters."""


class Response(BaseModel):
    """An answer. Fields that the caller may not read are left out, so most are optional."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=quiet)
