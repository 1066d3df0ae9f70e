"""The verbs of budgets that several rows share (BUD-01)."""

from typing import Any

from django.core.exceptions import ValidationError

from gateway.budgets.in_force import with_budget
from gateway.models import HOLDERS, Budget, BudgetHeld
from keys.models import Key
from keys.parents import parents_of as parents_of_key
from rbacadmin import audit, limits, policy
from rbacadmin.changes import Parents, check_limits, revise, values_of
from rbacadmin.errors import Conflict, Duplicate
from rbacadmin.policy import Action, Actor, fields
from rbacadmin.service import service

NAMED = 3  # how many holders a refusal names


@service
def create_budget(actor: Actor, *, public_id: str | None = None, **values: Any) -> Budget:
    """A new budget. `values` are columns of limits. Raises PermissionDenied, Duplicate, ValidationError."""
    policy.require(actor, Action.MANAGE_BUDGETS)
    if public_id and Budget.objects.filter(Budget.named(public_id)).exists():
        raise Duplicate("public_id", f"There is a budget with the id '{public_id}' already.")
    budget = Budget(public_id=public_id or "", created_by=actor.label, updated_by=actor.label, **values)
    check_limits(budget, [])
    budget.full_clean(validate_unique=False, validate_constraints=False)
    budget.save()
    audit.record(actor, "budget.created", budget, limits={name: value for name, value in values.items() if value})
    return budget


@service
def update_budget(actor: Actor, budget: Budget, **changes: Any) -> Budget:
    """Change a budget, for everybody who holds it. Raises ValidationError when a holder would exceed its parent."""
    policy.require(actor, Action.MANAGE_BUDGETS, budget)
    changed = revise(actor, budget, changes, event="budget.updated")
    if changed:
        for held in BudgetHeld.objects.filter(budget=budget).select_related(*HOLDERS):
            require_within_parents(held.holder, budget)
    return budget


@service
def delete_budget(actor: Actor, budget: Budget) -> None:
    """Archive a budget that nobody holds: its holders would be without limits at once. Raises Conflict."""
    policy.require(actor, Action.MANAGE_BUDGETS, budget)
    holders = [held.holder for held in budget.held.select_related(*HOLDERS)[: NAMED + 1]]
    if holders:
        names = ", ".join(row.label for row in holders[:NAMED]) + (", ..." if len(holders) > NAMED else "")
        raise Conflict(f"In use by {names}.", code="in_use", obj=budget)
    snapshot = {name: value for name, value in values_of(budget).items() if value not in (None, "", [], {})}
    audit.archive(actor, budget, name=budget.label, snapshot=snapshot)
    audit.record(actor, "budget.deleted", budget)
    budget.delete()


@service
def hold_budget(actor: Actor, row: Any, budget: Budget | None) -> Any:
    """Let a row hold a budget; None takes away the one that it holds. Returns the row.

    Takes what setting these limits by hand takes, field by field, and fits into the row's parents (rulebook 14).
    """
    kind = row._meta.model_name
    assert kind in HOLDERS, kind
    current = BudgetHeld.objects.filter(**{kind: row}).select_related("budget").first()
    before, after = with_budget(row, current.budget if current else None), with_budget(row, budget)
    fields.require_writes(actor, row, values_of(before), values_of(after))
    if budget == (current.budget if current else None):
        return row
    if budget is None:
        BudgetHeld.objects.filter(**{kind: row}).delete()
    else:
        require_within_parents(row, budget)
        BudgetHeld.objects.update_or_create(**{kind: row}, defaults={"budget": budget})
    names = [current.budget.public_id if current else None, budget.public_id if budget else None]
    audit.record(actor, f"{kind}.budget_updated", row, changed={"budget": names})
    return row


def require_within_parents(row: Any, budget: Budget) -> None:
    """Raise ValidationError unless what the row allows with this budget fits what lies above it."""
    if errors := limits.above_parent(values_of(with_budget(row, budget)), parents_of(row)):
        raise ValidationError({name: f"{row.label}: {message}" for name, message in errors.items()})


def parents_of(row: Any) -> Parents:
    """The limit sets above a row of any kind (rulebook 14)."""
    if isinstance(row, Key):
        return parents_of_key(row)
    return []
