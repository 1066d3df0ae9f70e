"""What only this dialect's requests hold: amounts in dollars, durations, and the limits of every level."""

from typing import Annotated

from pydantic import Field

from api.types import Count, Metadata, Moment, Named, Names, Request

Duration = Annotated[str, Field(max_length=16, examples=["30d"], description="a number with s, m, h, d, w or mo")]
Amount = Annotated[float, Field(ge=0, le=9e9, allow_inf_nan=False, description="dollars")]


class TemporaryBudget(Request):
    """More budget for a while: an amount, and when it ends."""

    temp_budget_increase: Amount | None = None
    temp_budget_expiry: Moment | None = None


class ModelBudget(Request):
    """A budget for one model."""

    max_budget: Amount | None = None
    budget_duration: Duration | None = None


class Limits(Request):
    """The limits that every level can carry."""

    models: Names | None = None
    max_budget: Amount | None = None
    soft_budget: Amount | None = None
    budget_duration: Duration | None = None
    tpm_limit: Count | None = None
    rpm_limit: Count | None = None
    max_parallel_requests: Count | None = None
    model_max_budget: Annotated[dict[Named, Amount | ModelBudget], Field(max_length=1000)] | None = None
    model_rpm_limit: Annotated[dict[Named, Count], Field(max_length=1000)] | None = None
    model_tpm_limit: Annotated[dict[Named, Count], Field(max_length=1000)] | None = None
    tags: Names | None = None
    metadata: Metadata | None = None
