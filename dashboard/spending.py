"""Spend against budgets, on rows as screens show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone

from gateway.spent import resets_at, spent
from rbacadmin.policy import Actor, fields


@dataclass(frozen=True)
class Spending:
    """What was spent in the running period, in nano-dollars, and what may be."""

    current: int
    budget: int | None
    resets_at: datetime | None

    @property
    def percent(self) -> int:
        """How much of the budget is used up; a budget of nothing is."""
        if self.budget is None:
            return 0
        return 100 if self.budget == 0 else min(999, self.current * 100 // self.budget)


def with_spend(actor: Actor, rows: Sequence[Any]) -> Sequence[Any]:
    """The rows, each with its `spend` where the actor may read that. One query."""
    now = timezone.now()
    known, allowed = spent(rows, now), fields.readable_each(actor, rows)
    for row in rows:
        if {"spend", "max_budget"} <= allowed[row.pk]:
            row.spend = Spending(known.get(row.pk, 0), row.max_budget, resets_at(row, now))
    return rows


def spend_of(actor: Actor, row: Model) -> Spending | None:
    """One row's spend, or None when the actor may not read it."""
    found = with_spend(actor, [row])[0]
    return getattr(found, "spend", None)
