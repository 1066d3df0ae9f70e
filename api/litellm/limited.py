"""Rows with limits, as the answers hold them."""

from typing import Any

from api.types import Response


class Budget(Response):
    """The limits of a row, as LiteLLM's separate budget row; its id is the row's own."""

    budget_id: str
    max_budget: float | None = None
    soft_budget: float | None = None
    budget_duration: str | None = None
    budget_reset_at: str | None = None
    max_parallel_requests: int | None = None
    tpm_limit: int | None = None
    rpm_limit: int | None = None
    model_max_budget: dict[str, Any] = {}


class Record(Response):
    """Who made the row, when, and what was spent."""

    spend: float | None = None
    metadata: dict[str, Any] | None = None
    created_at: str | None = None
    updated_at: str | None = None
    created_by: str | None = None
    updated_by: str | None = None


class Temporary(Response):
    """More budget for a while."""

    temp_budget_increase: float | None = None
    temp_budget_expiry: str | None = None


class Limited(Record):
    """A row with limits."""

    models: list[str] | None = None
    max_budget: float | None = None
    soft_budget: float | None = None
    budget_duration: str | None = None
    budget_reset_at: str | None = None
    max_parallel_requests: int | None = None
    tpm_limit: int | None = None
    rpm_limit: int | None = None
    model_max_budget: dict[str, Any] | None = None
    model_rpm_limit: dict[str, int] | None = None
    model_tpm_limit: dict[str, int] | None = None
    tags: list[str] | None = None
    blocked: bool | None = None
