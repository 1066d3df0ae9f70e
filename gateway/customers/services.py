"""The verbs of customers (CUS-01)."""

from typing import Any

from django.core.exceptions import ValidationError

from gateway.budgets.services import hold_budget
from gateway.ledger.usage import id_of_name
from gateway.models import Budget, Customer
from gateway.resetting import reset_spend
from rbacadmin import audit, blocking, policy
from rbacadmin.changes import check_limits, revise
from rbacadmin.errors import Duplicate
from rbacadmin.policy import Action, Actor
from rbacadmin.service import service


@service
def create_customer(
    actor: Actor, *, public_id: str, budget: Budget | None = None, blocked: bool = False, **values: Any
) -> Customer:
    """A customer, known by the id that calls carry. Raises PermissionDenied, Duplicate, ValidationError."""
    policy.require(actor, Action.MANAGE_CUSTOMERS)
    if Customer.objects.filter(public_id=public_id).exists():
        raise Duplicate("public_id", f"There is a customer with the id '{public_id}' already.")
    # counted under the id of its name, so that what was spent for somebody before they were known counts too
    ident = id_of_name("customer", public_id)
    customer = Customer(id=ident, public_id=public_id, created_by=actor.label, updated_by=actor.label, **values)
    check_limits(customer, [])
    customer.full_clean(validate_unique=False, validate_constraints=False)
    customer.save()
    audit.record(actor, "customer.created", customer, name=customer.name)
    if budget is not None:
        hold_budget(actor, customer, budget)
    return block_customer(actor, customer) if blocked else customer


@service
def update_customer(actor: Actor, customer: Customer, **changes: Any) -> Customer:
    """Change the columns given. Raises PermissionDenied, ValidationError."""
    policy.require(actor, Action.MANAGE_CUSTOMERS, customer)
    revise(actor, customer, changes, event="customer.updated")
    return customer


@service
def change_customer(
    actor: Actor,
    customer: Customer,
    *,
    changes: dict[str, Any],
    blocked: bool | None = None,
    spend: int | None = None,
    **budget: Budget | None,
) -> Customer:
    """All that one request may change, or nothing: columns, the block, what was spent, and the `budget` held."""
    if changes:
        update_customer(actor, customer, **changes)
    if "budget" in budget:
        hold_budget(actor, customer, budget["budget"])
    if spend is not None:
        reset_spend(actor, customer, to=spend)
    if blocked is not None:
        block_customer(actor, customer) if blocked else unblock_customer(actor, customer)
    return customer


@service
def delete_customers(actor: Actor, *customers: Customer) -> None:
    """Archive customers: all of them, or none. Whoever calls with their ids again is nobody known."""
    for customer in customers:
        policy.require(actor, Action.MANAGE_CUSTOMERS, customer)
        snapshot = {"name": customer.name, "metadata": customer.metadata, "created_at": customer.created_at}
        audit.archive(actor, customer, name=customer.label, snapshot=snapshot)
        audit.record(actor, "customer.deleted", customer)
        customer.delete()


@service
def block_customer(actor: Actor, customer: Customer) -> Customer:
    """Refuse all calls that are made for the customer."""
    blocked: Customer = blocking.block(actor, customer, Action.MANAGE_CUSTOMERS)
    return blocked


@service
def unblock_customer(actor: Actor, customer: Customer) -> Customer:
    """Let calls for the customer through again."""
    unblocked: Customer = blocking.unblock(actor, customer, Action.MANAGE_CUSTOMERS)
    return unblocked


@service
def unblock_customers(actor: Actor, *customers: Customer) -> list[Customer]:
    """`unblock_customer` of each: all of them, or none."""
    return [unblock_customer(actor, customer) for customer in customers]


@service
def block_customers(actor: Actor, *, public_ids: list[str]) -> list[Customer]:
    """Block customers by their ids; who is not known yet is made, blocked: calls may come before the customer does."""
    policy.require(actor, Action.MANAGE_CUSTOMERS)
    if not public_ids:
        raise ValidationError({"user_ids": "Name at least one customer."})
    known = {row.public_id: row for row in Customer.objects.filter(public_id__in=public_ids)}
    wanted = list(dict.fromkeys(public_ids))
    return [
        block_customer(actor, known[ident]) if ident in known else create_customer(actor, public_id=ident, blocked=True)
        for ident in wanted
    ]
