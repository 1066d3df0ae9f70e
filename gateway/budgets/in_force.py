"""What rows allow when the budgets that they hold are counted in: their own word first, then the budget's."""

from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any
from uuid import UUID

from django.db.models import Q

from gateway.models import HOLDERS, Budget, BudgetHeld
from rbacadmin.limits import LIMITS


def budgets_of(rows: Iterable[Any]) -> dict[UUID, Budget]:
    """The budgets that these rows hold, by the row's id. One query, whatever their kinds."""
    by_kind: dict[str, list[UUID]] = {}
    for row in rows:
        if (kind := row._meta.model_name) in HOLDERS:
            by_kind.setdefault(kind, []).append(row.pk)
    if not by_kind:
        return {}
    condition = Q(pk__in=[])
    for kind, ids in by_kind.items():
        condition |= Q(**{f"{kind}_id__in": ids})
    found = {}
    for held in BudgetHeld.objects.filter(condition).select_related("budget"):
        pk = next(pk for kind in HOLDERS if (pk := getattr(held, f"{kind}_id")) is not None)
        found[pk] = held.budget
    return found


def with_budget(row: Any, budget: Budget | None, names: Sequence[str] = LIMITS) -> Any:
    """The row with what it leaves open (of `names`) filled from the budget: a copy to read, never to save."""
    if budget is None:
        return row
    filled = copy(row)
    for name in names:
        if getattr(row, name) in (None, "", [], {}):
            setattr(filled, name, getattr(budget, name))
    return filled


def with_budgets(rows: Sequence[Any], names: Sequence[str] = LIMITS) -> list[Any]:
    """`with_budget` of each row. One query."""
    held = budgets_of(rows)
    return [with_budget(row, held.get(row.pk), names) for row in rows]
