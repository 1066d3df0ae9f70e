"""Soft budgets warn and refuse nothing: a header on every answer, and one event on record for each period."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.levels import Level
from gateway.spent import spent
from rbacadmin import audit, money
from rbacadmin.models import AuditEvent
from rbacadmin.periods import current_period
from rbacadmin.policy import Actor, Origin

log = logging.getLogger(__name__)

HEADER = "x-rbacadmin-soft-budget-reached"
EVENT = "soft_budget_reached"
_warned: dict[UUID, datetime | None] = {}  # row -> the period for which it is on record, as this process knows


def reached(levels: Iterable[Level], now: datetime) -> list[Level]:
    """The levels whose soft budget is spent; what is not on record yet is put there. One query when any has one."""
    limited = [level for level in levels if level.row.soft_budget is not None]
    if not limited:
        return []
    used = spent([level.row for level in limited], now)
    found = [level for level in limited if used.get(level.row.pk, 0) >= level.row.soft_budget]
    for level in found:
        warn(level.row, used.get(level.row.pk, 0), now)
    return found


def warn(row: Any, used: int, now: datetime) -> None:
    """Put on record that a soft budget is spent, once in each period of the budget."""
    period = current_period(row, now)
    since = period.start if period else None
    if row.pk in _warned and _warned[row.pk] == since:
        return
    _warned[row.pk] = since
    event, kind = f"{row._meta.model_name}.{EVENT}", row._meta.model_name
    known = AuditEvent.objects.filter(kind=kind, object_id=str(row.pk), event=event)
    if (known.filter(created_at__gte=since) if since else known).exists():
        return
    log.warning("soft budget reached: %s %s has spent %s", kind, row.pk, money.show(used))
    actor = Actor.master(Origin(door="gateway"))
    details = {"spent": used, "soft_budget": row.soft_budget}
    audit.write(actor, event, row, audit.scope_ids(row), details=details)
