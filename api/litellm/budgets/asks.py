"""What the budget routes accept: LiteLLM's names, our bounds."""

from api.litellm.types import Limits
from api.types import Ident, Idents, Request


class BudgetFields(Limits):
    """The limits that whoever holds the budget has, where they have none of their own."""

    budget_id: Ident | None = None


class BudgetUpdate(BudgetFields):
    budget_id: Ident


class BudgetNamed(Request):
    budget_id: Ident


class BudgetsNamed(Request):
    budgets: Idents


class BudgetDelete(Request):
    id: Ident
