"""/budget/*: each function is one request, one call, one answer."""

from typing import Any

from api.litellm import lists, translate
from api.litellm.budgets import asks
from api.litellm.translate import columns, limits_of, record_of
from gateway.budgets import services
from gateway.models import Budget
from rbacadmin import policy
from rbacadmin.policy import Action, Actor

BUDGET = {**translate.SAME, "budget_id": "public_id"}
# What `/budget/settings` lists, with the words that LiteLLM's dashboard shows beside the fields.
DESCRIBED = {
    "max_budget": ("Float", "Calls are refused once this much was spent in a period, in dollars."),
    "soft_budget": ("Float", "Warns once this much was spent in a period, in dollars."),
    "budget_duration": ("String", "How long a period is: 30s, 5m, 1h, 7d, 2w or 1mo."),
    "max_parallel_requests": ("Integer", "How many calls may run at a time."),
    "tpm_limit": ("Integer", "Tokens a minute."),
    "rpm_limit": ("Integer", "Requests a minute."),
    "model_max_budget": ("Object", "Budgets of single models."),
}


def new(actor: Actor, body: asks.BudgetFields) -> dict[str, Any]:
    return budget_row(services.create_budget(actor, **columns(body, BUDGET)))


def update(actor: Actor, body: asks.BudgetUpdate) -> dict[str, Any]:
    budget = find(actor, Action.MANAGE_BUDGETS, body.budget_id)
    return budget_row(services.update_budget(actor, budget, **columns(body, BUDGET, leave=("budget_id",))))


def info(actor: Actor, body: asks.BudgetsNamed) -> list[dict[str, Any]]:
    """The budgets named, in the order named; one that is not visible is 404."""
    return [budget_row(find(actor, Action.VIEW_BUDGETS, ident)) for ident in body.budgets]


def list_all(actor: Actor, _body: asks.Request) -> list[dict[str, Any]]:
    rows = lists.everything(actor, Action.VIEW_BUDGETS, Budget.objects.all(), paged="/budget/info")
    return [budget_row(row) for row in rows]


def settings(actor: Actor, body: asks.BudgetNamed) -> list[dict[str, Any]]:
    row = budget_row(find(actor, Action.VIEW_BUDGETS, body.budget_id))
    return [
        {
            "field_name": name,
            "field_type": kind,
            "field_description": description,
            "field_value": row[name],
            "stored_in_db": row[name] not in (None, {}),
            "field_default_value": None,
        }
        for name, (kind, description) in DESCRIBED.items()
    ]


def delete(actor: Actor, body: asks.BudgetDelete) -> dict[str, Any]:
    budget = find(actor, Action.MANAGE_BUDGETS, body.id)
    ident = budget.public_id
    services.delete_budget(actor, budget)
    return {"budget_id": ident, "message": f"Budget '{ident}' deleted."}


def find(actor: Actor, action: Action, ident: str) -> Budget:
    return policy.find(actor, action, Budget, ident)


def budget_row(row: Budget) -> dict[str, Any]:
    """A budget as LiteLLM shows it. Whoever sees a budget sees all of it."""
    return {"budget_id": row.public_id, **limits_of(row), **record_of(row)}
