"""The shared budget that a request names beside a row's own limits, and how rows show it."""

from collections.abc import Sequence
from typing import TypeVar

from pydantic import BaseModel

from api.litellm.shown import Row, budget_table
from api.litellm.translate import limits_of
from gateway.budgets.in_force import budgets_of, with_budget
from gateway.budgets.services import hold_budget
from gateway.models import Budget
from rbacadmin import models, policy
from rbacadmin.policy import Action, Actor

R = TypeVar("R", bound=models.Row)


def held(actor: Actor, row: R, body: BaseModel) -> R:
    """The row after it holds the budget that `budget_id` names; null takes it away, and nothing said keeps it.

    A row without one shows its own id there, as LiteLLM wants one: who sends that back changes nothing.
    """
    ident = getattr(body, "budget_id", None)
    if "budget_id" not in body.model_fields_set or ident == row.public_id:
        return row
    budget = policy.find(actor, Action.VIEW_BUDGETS, Budget, ident) if ident else None
    found: R = hold_budget(actor, row, budget)
    return found


def with_budgets(rows: Sequence[models.Row], shown: Sequence[Row]) -> list[Row]:
    """Rows as shown, each with the id and the limits of the budget that is in force for it. One query."""
    budgets = budgets_of(rows)
    found = []
    for row, one in zip(rows, shown, strict=True):
        budget = budgets.get(row.pk)
        ident = budget.public_id if budget else row.public_id
        limits = limits_of(with_budget(row, budget))
        extra = {"litellm_budget_table": budget_table(ident, limits)} if "max_budget" in one else {}
        found.append({**one, **extra, **({"budget_id": ident} if "max_budget" in one else {})})
    return found
