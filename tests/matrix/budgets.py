"""BUD and CUS: budgets that several rows share, and customers. Both are the platform's."""

from typing import Any

from gateway.models import Budget, Customer
from tests.matrix.calls import INVISIBLE, NO_OBJECT, Call, Cell

BUDGET: dict[str, Any] = {"own": lambda world, persona: world.catalog["budget"], "denied": INVISIBLE}
CUSTOMER: dict[str, Any] = {"own": lambda world, persona: world.catalog["customer"], "denied": INVISIBLE}


def made(cell: Cell, answer: Any) -> None:
    assert Budget.objects.get(public_id="quarterly").max_budget == 2 * 10**9


def block(cell: Cell) -> None:
    Customer.objects.update(blocked_by="platform")


ROWS: dict[str, tuple[Call, ...]] = {
    "BUD-01": (
        Call("POST", "/budget/new", lambda cell: {"budget_id": "quarterly", "max_budget": 2}, denied=NO_OBJECT,
             event="budget.created", check=made),
        Call("POST", "/budget/update", lambda cell: {"budget_id": cell.ident, "max_budget": 3},
             event="budget.updated", **BUDGET),
        Call("POST", "/budget/delete", lambda cell: {"id": cell.ident}, event="budget.deleted", **BUDGET),
    ),
    "BUD-02": (
        Call("POST", "/budget/info", lambda cell: {"budgets": [cell.ident]}, **BUDGET),
        Call("GET", "/budget/settings", lambda cell: {"budget_id": cell.ident}, **BUDGET),
    ),
    "CUS-01": (
        Call("POST", "/customer/new", lambda cell: {"user_id": "visitor", "alias": "Visitor"}, denied=NO_OBJECT,
             event="customer.created"),
        Call("POST", "/customer/update", lambda cell: {"user_id": cell.ident, "alias": "Guest"},
             event="customer.updated", **CUSTOMER),
        Call("POST", "/customer/block", lambda cell: {"user_ids": [cell.ident]}, event="customer.blocked",
             **{**CUSTOMER, "denied": NO_OBJECT}),
        Call("POST", "/customer/unblock", lambda cell: {"user_ids": [cell.ident]}, event="customer.unblocked",
             arrange=block, **CUSTOMER),
        Call("POST", "/customer/delete", lambda cell: {"user_ids": [cell.ident]}, event="customer.deleted",
             **CUSTOMER),
    ),
    "CUS-02": (
        Call("GET", "/customer/info", lambda cell: {"end_user_id": cell.ident}, **CUSTOMER),
    ),
}  # fmt: skip
