"""/customer/* and its older name /end_user/*: each function is one request, one call, one answer."""

from collections.abc import Sequence
from typing import Any

from api.litellm import lists, translate
from api.litellm.customers import asks
from api.litellm.scopes import all_named
from api.litellm.shown import budget_table, spends
from api.litellm.translate import columns, limits_of, nano, record_of
from gateway.budgets.in_force import budgets_of, with_budget
from gateway.customers import services
from gateway.models import Budget, Customer
from rbacadmin import money, policy
from rbacadmin.policy import Action, Actor

CUSTOMER = {
    **translate.SAME,
    "alias": "name",
    "default_model": "default_model",
    "allowed_model_region": "allowed_model_region",
}


def new(actor: Actor, body: asks.CustomerNew) -> dict[str, Any]:
    customer = services.create_customer(
        actor,
        public_id=body.user_id,
        budget=budget_of(actor, body.budget_id),
        blocked=bool(body.blocked),
        **filled(columns(body, CUSTOMER)),
    )
    return one(customer)


def update(actor: Actor, body: asks.CustomerUpdate) -> dict[str, Any]:
    customer = find(actor, Action.MANAGE_CUSTOMERS, body.user_id)
    held = {"budget": budget_of(actor, body.budget_id)} if "budget_id" in body.model_fields_set else {}
    changed = services.change_customer(
        actor,
        customer,
        changes=filled(columns(body, CUSTOMER)),
        blocked=body.blocked,
        spend=None if body.spend is None else nano("spend", body.spend),
        **held,
    )
    return one(changed)


def filled(values: dict[str, Any]) -> dict[str, Any]:
    """The columns of text hold an empty one where the wire says null."""
    texts = ("default_model", "allowed_model_region")
    return {name: "" if value is None and name in texts else value for name, value in values.items()}


def budget_of(actor: Actor, ident: str | None) -> Budget | None:
    return policy.find(actor, Action.VIEW_BUDGETS, Budget, ident) if ident else None


def info(actor: Actor, body: asks.CustomerNamed) -> dict[str, Any]:
    return one(find(actor, Action.VIEW_CUSTOMERS, body.end_user_id))


def list_all(actor: Actor, _body: asks.Request) -> list[dict[str, Any]]:
    rows = lists.everything(actor, Action.VIEW_CUSTOMERS, Customer.objects.all(), paged="/customer/info")
    return customer_rows(rows)


def delete(actor: Actor, body: asks.CustomersNamed) -> dict[str, Any]:
    """All of them, or none."""
    found = named(actor, body)
    services.delete_customers(actor, *found)
    return {"deleted_customers": len(found), "message": "Successfully deleted customers with ids: " + ", ".join(
        row.public_id for row in found
    )}  # fmt: skip


def block(actor: Actor, body: asks.CustomersNamed) -> dict[str, Any]:
    """Who is not known yet is made, blocked."""
    return {"blocked_users": customer_rows(services.block_customers(actor, public_ids=body.user_ids))}


def unblock(actor: Actor, body: asks.CustomersNamed) -> dict[str, Any]:
    """The customers as they are then."""
    found = named(actor, body)
    return {"blocked_users": customer_rows(services.unblock_customers(actor, *found))}


def named(actor: Actor, body: asks.CustomersNamed) -> list[Customer]:
    return all_named(actor, Action.MANAGE_CUSTOMERS, Customer, "user_ids", body.user_ids)


def find(actor: Actor, action: Action, ident: str) -> Customer:
    return policy.find(actor, action, Customer, ident)


def one(customer: Customer) -> dict[str, Any]:
    return customer_rows([customer])[0]


def customer_rows(rows: Sequence[Customer]) -> list[dict[str, Any]]:
    """Customers as LiteLLM shows them. Whoever sees a customer sees all of it. Two queries."""
    held, spent = budgets_of(rows), spends(rows)
    found = []
    for row in rows:
        budget = held.get(row.pk)
        limits = limits_of(with_budget(row, budget))
        ident = budget.public_id if budget else None
        found.append(
            {
                "user_id": row.public_id,
                "alias": row.name or None,
                "allowed_model_region": row.allowed_model_region or None,
                "default_model": row.default_model or None,
                **limits,
                "budget_id": ident,
                "litellm_budget_table": budget_table(ident or row.public_id, limits),
                "spend": money.to_number(spent.get(row.pk, 0)),
                "blocked": row.blocked,
                **record_of(row),
            }
        )
    return found
