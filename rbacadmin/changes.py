"""Changing fields: who may, whether it fits, and what the record keeps. One path for every kind of row."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone

from rbacadmin import audit, limits, money, shapes
from rbacadmin.policy import fields
from rbacadmin.policy.actor import Actor

Parents = Iterable[tuple[str, Mapping[str, Any]]]


def values_of(row: Model) -> dict[str, Any]:
    """The limit set of a row, as a mapping."""
    return {name: getattr(row, name) for name in limits.LIMITS}


def parent(row: Model | None, name: str = "") -> list[tuple[str, Mapping[str, Any]]]:
    """A row as a named parent for `limits.above_parent`; nothing for None."""
    return [] if row is None else [(name or str(row._meta.verbose_name), values_of(row))]


def check_limits(row: Model, parents: Parents) -> None:
    """Raise ValidationError, field by field, unless the row's limits make sense and fit its parents' (rulebook 14)."""
    shapes.check_row(row)  # before they are compared
    errors: dict[str, str] = dict(limits.above_parent(values_of(row), parents))
    soft, hard = row.soft_budget, row.max_budget  # type: ignore[attr-defined]
    if soft is not None and hard is not None and soft >= hard:
        errors.setdefault("soft_budget", f"Must be below the budget ({money.show(hard)}).")
    if row.temp_budget_increase is not None and row.temp_budget_until is None:  # type: ignore[attr-defined]
        errors.setdefault("temp_budget_until", "A temporary budget needs an end.")
    if errors:
        raise ValidationError(errors)


def assign(row: Model, changes: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set the fields and say what changed: name -> [before, after]. A new budget period starts now."""
    changed = {name: [getattr(row, name), value] for name, value in changes.items() if getattr(row, name) != value}
    for name, (_, value) in changed.items():
        setattr(row, name, value)
    if "budget_duration" in changed:
        row.budget_started_at = timezone.now() if changed["budget_duration"][1] else None  # type: ignore[attr-defined]
    return changed


def revise(
    actor: Actor,
    row: Model,
    changes: Mapping[str, Any],
    *,
    event: str,
    parents: Parents = (),
    scope: Model | None = None,
) -> dict[str, list[Any]]:
    """Check rights field by field, assign, check limits, save and record. Returns what changed.

    Raises PermissionDenied for a field that the actor may not change so, ValidationError for a value that does not
    fit. Nothing changed means nothing recorded.
    """
    shapes.check(changes)
    before = {name: getattr(row, name) for name in {*changes, *limits.LIMITS} if hasattr(row, name)}
    fields.require_writes(actor, row, before, changes)
    changed = assign(row, changes)
    if not changed:
        return {}
    check_limits(row, parents)
    row.updated_by = actor.label  # type: ignore[attr-defined]
    row.full_clean(validate_unique=False, validate_constraints=False)
    row.save()
    audit.record(actor, event, row, scope=scope, changed=changed)
    return changed
