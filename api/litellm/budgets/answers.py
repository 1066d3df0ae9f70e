"""What the budget routes answer."""

from typing import Any

from pydantic import RootModel

from api.litellm.limited import Budget
from api.types import Response


class BudgetRow(Budget):
    """A budget that several rows share."""

    models: list[str] = []
    model_rpm_limit: dict[str, int] = {}
    model_tpm_limit: dict[str, int] = {}
    tags: list[str] = []
    metadata: dict[str, Any] = {}
    created_at: str | None = None
    updated_at: str | None = None
    created_by: str | None = None
    updated_by: str | None = None


class BudgetArray(RootModel[list[BudgetRow]]):
    """All budgets that you may see."""


class BudgetField(Response):
    """One limit of a budget, as LiteLLM's dashboard lists them."""

    field_name: str
    field_type: str
    field_description: str
    field_value: Any = None
    stored_in_db: bool
    field_default_value: Any = None


class BudgetFields(RootModel[list[BudgetField]]):
    """The limits of a budget, one by one."""


class BudgetDeleted(Response):
    budget_id: str
    message: str
