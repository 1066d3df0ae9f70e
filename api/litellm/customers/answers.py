"""What the customer routes answer."""

from pydantic import RootModel

from api.litellm.limited import Budget, Limited
from api.types import Response


class CustomerRow(Limited):
    user_id: str
    alias: str | None = None
    allowed_model_region: str | None = None
    default_model: str | None = None
    budget_id: str | None = None
    litellm_budget_table: Budget | None = None


class CustomerArray(RootModel[list[CustomerRow]]):
    """All customers that you may see."""


class CustomersDeleted(Response):
    deleted_customers: int
    message: str


class CustomersBlocked(Response):
    blocked_users: list[CustomerRow]
