"""Soft budgets warn and refuse nothing: a header on every answer, and one event on record for each period.

What a caller is told is found out when they are loaded. So the budgets of those in memory are watched: when this
process writes calls that use one up, its callers are loaded anew by their next decision.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.admission.evict import evict
from gateway.ledger.terms import moment
from gateway.ledger.usage import Event, pays
from gateway.levels import Level
from gateway.spent import spent
from rbacadmin import audit, money
from rbacadmin.models import AuditEvent
from rbacadmin.periods import current_period
from rbacadmin.policy import Actor, Origin

log = logging.getLogger(__name__)

HEADER = "x-rbacadmin-soft-budget-reached"
EVENT = "soft_budget_reached"
# Row -> the period, and the budget, for which it is on record, as this process knows.
_warned: dict[UUID, tuple[datetime | None, int]] = {}
_watched: dict[UUID, int] = {}  # row -> nano-dollars until its soft budget is spent
MOST_WATCHED = 100_000


def header(levels: Iterable[Level], now: float) -> tuple[tuple[str, str], ...]:
    """What answers to these callers carry: which levels have spent their soft budget. `now` in seconds since 1970."""
    over = reached(levels, moment(now))
    return ((HEADER, ", ".join(level.kind for level in over)),) if over else ()


def reached(levels: Iterable[Level], now: datetime) -> list[Level]:
    """The levels whose soft budget is spent; what is not on record yet is put there. One query when any has one."""
    limited = [level for level in levels if level.row.soft_budget is not None]
    if not limited:
        return []
    used = spent([level.row for level in limited], now)
    found = [level for level in limited if used.get(level.row.pk, 0) >= level.row.soft_budget]
    if len(_watched) > MOST_WATCHED:
        _watched.clear()  # a caller is loaded anew within a minute all the same
    for level in limited:
        _watched[level.row.pk] = level.row.soft_budget - used.get(level.row.pk, 0)
    for level in found:
        warn(level.row, used.get(level.row.pk, 0), now)
    return found


def notice(events: Iterable[Event]) -> None:
    """Calls are written: whoever has used up a soft budget with them is loaded anew by the next decision."""
    if not _watched:
        return
    spent_now: set[UUID] = set()
    for event in events:
        for pk in event.parties if event.cost else ():
            if pk in _watched and pays(event, pk):
                before, _watched[pk] = _watched[pk], _watched[pk] - event.cost
                if before > 0 >= _watched[pk]:
                    spent_now.add(pk)
    if spent_now:
        evict(spent_now)


def warn(row: Any, used: int, now: datetime) -> None:
    """Put on record that a soft budget is spent, once in each period, and again when another one is."""
    period = current_period(row, now)
    since = period.start if period else None
    if _warned.get(row.pk) == (since, row.soft_budget):
        return
    _warned[row.pk] = (since, row.soft_budget)
    event, kind = f"{row._meta.model_name}.{EVENT}", row._meta.model_name
    known = AuditEvent.objects.filter(
        kind=kind, object_id=str(row.pk), event=event, details__soft_budget=row.soft_budget
    )
    if (known.filter(created_at__gte=since) if since else known).exists():
        return
    log.warning("soft budget reached: %s %s has spent %s", kind, row.pk, money.show(used))
    actor = Actor.master(Origin(door="gateway"))
    details = {"spent": used, "soft_budget": row.soft_budget}
    audit.write(actor, event, row, audit.scope_ids(row), details=details)
