"""What rows have spent in their budget's period. Nothing waits for a job: what a past period counted is nothing now."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from gateway.budgets.in_force import with_budgets
from gateway.models import Spend
from rbacadmin.periods import current_period, has_elapsed


def spent(rows: Iterable[Any], now: datetime | None = None) -> dict[UUID, int]:
    """What each row has spent in its current period, in nano-dollars; who never spent is left out. Two queries."""
    return spent_in_force(with_budgets(list(rows), ("budget_duration",)), now)


def spent_in_force(rows: Iterable[Any], now: datetime | None = None) -> dict[UUID, int]:
    """The same for rows into which the budgets that they hold are counted already. One query."""
    by_id, at = {row.pk: row for row in rows}, now or timezone.now()
    counted = Spend.objects.filter(object_id__in=list(by_id)).values_list("object_id", "current", "period_start")
    return {pk: 0 if has_elapsed(by_id[pk], since, at) else current for pk, current, since in counted}


def resets_at(row: Any, now: datetime | None = None) -> datetime | None:
    """When the budget of a row with limits starts anew; None when it never does."""
    period = current_period(row, now or timezone.now())
    return period.end if period else None
