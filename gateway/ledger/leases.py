"""Lending the money of budgets to processes, so that admitting a call asks nobody.

Whoever writes a budget's leases holds the lock of its Spend row first. So the sum of what is spent and what is lent
never exceeds the limit, whatever the number of processes, on SQLite as on PostgreSQL.
"""

import os
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from gateway.ledger.models import Lease
from gateway.ledger.terms import Terms, moment
from gateway.models import Spend
from rbacadmin import money

LASTS = timedelta(seconds=30)  # longer than a process stalls, and what a dead one strands is back soon


class Standing(NamedTuple):
    """How a budget stood when it was asked. Nano-dollars."""

    granted: int  # more than the process had before
    unheld: bool  # the process had no lease, or none any more
    others: int  # lent to other processes
    spent: int  # in the running period, as far as it is written
    limit: int | None
    resets_at: float | None  # seconds since 1970


class Identity:
    """Which process this is. A forked child is another one: it must not spend what its parent was lent."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        self.id = uuid.uuid4()


identity = Identity()
os.register_at_fork(after_in_child=identity.renew)


def take(
    object_id: UUID, kind: str, terms: Terms, now: float, in_use: int, wanted: Callable[[int, int], int]
) -> Standing:
    """Lend this process what `wanted(left, processes)` asks for, at most what is left.

    `in_use` is what its calls in flight and its unwritten spend need, for the case that its lease was taken back
    meanwhile. The running period is begun if nobody has done so. Expired leases of others are taken back first.
    """
    at = moment(now)
    limit, period = terms.limit_at(at), terms.period(at)
    with transaction.atomic():
        spend = locked(object_id, kind, period.start if period else None, at)
        leases = list(Lease.objects.filter(object_id=object_id))
        mine = next((lease for lease in leases if lease.process == identity.id), None)
        living = [lease for lease in leases if lease is not mine and lease.expires_at > at]
        gone = [lease.pk for lease in leases if lease is not mine and lease.expires_at <= at]
        others = sum(max(lease.amount, 0) for lease in living)
        held = mine.amount if mine else in_use
        left = max(limit - spend.current - others - max(held, 0), 0) if limit is not None else 0
        granted = min(wanted(left, len(living) + 1), left) if left else 0
        if gone:
            Lease.objects.filter(pk__in=gone).delete()
        if mine is None and held + granted:
            Lease.objects.create(object_id=object_id, process=identity.id, amount=held + granted, expires_at=at + LASTS)
        elif granted:
            Lease.objects.filter(object_id=object_id, process=identity.id).update(
                amount=held + granted, expires_at=at + LASTS
            )
        reserved = others + max(held + granted, 0)
        if reserved != spend.reserved:
            Spend.objects.filter(pk=object_id).update(reserved=reserved)
    ends = period.end.timestamp() if period else None
    return Standing(granted, mine is None, others, spend.current, limit, ends)


def locked(object_id: UUID, kind: str, since: datetime | None, at: datetime) -> Spend:
    """The Spend row, locked until the transaction ends, with its running period begun (`since`: when that was)."""
    rows = Spend.objects.select_for_update().filter(pk=object_id)
    spend = rows.first()
    if spend is None:
        Spend.objects.bulk_create(
            [Spend(object_id=object_id, kind=kind, period_start=since or at)], ignore_conflicts=True
        )
        spend = rows.get()
    if since is not None and (spend.period_start is None or spend.period_start < since):
        spend.current, spend.period_start = 0, since
        spend.save(update_fields=["current", "period_start"])
    return spend


def give_back(amounts: Mapping[UUID, int]) -> None:
    """Return what this process does not need: nano-dollars by the id of the Spend row. In one transaction."""
    with transaction.atomic():
        lower(amounts)


def lower(amounts: Mapping[UUID, int]) -> None:
    """Take these amounts off this process's leases, inside a transaction.

    Empty leases stay for a while: one that is missing was taken back, which a purse must be able to tell.
    """
    ids = sorted(amounts)
    spends = {row.pk: row for row in Spend.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    leases = list(Lease.objects.filter(process=identity.id, object_id__in=ids))
    for lease in leases:
        before = max(lease.amount, 0)
        lease.amount = max(lease.amount - amounts[lease.object_id], -money.MAX_NANO)  # what the column holds
        if spend := spends.get(lease.object_id):
            spend.reserved = max(spend.reserved - before + max(lease.amount, 0), 0)
    Lease.objects.bulk_update(leases, ["amount"], batch_size=500)
    Spend.objects.bulk_update(spends.values(), ["reserved"], batch_size=500)


def renew(now: datetime) -> set[UUID]:
    """Say that this process lives; gives the Spend rows whose leases it still holds."""
    mine = Lease.objects.filter(process=identity.id)
    mine.update(expires_at=now + LASTS)
    return set(mine.values_list("object_id", flat=True))


def end(ids: Iterable[UUID] | None) -> None:
    """End leases of this process: of these Spend rows, or all (None)."""
    mine = Lease.objects.filter(process=identity.id)
    mine = mine if ids is None else mine.filter(object_id__in=list(ids))
    take_back(mine)


def reclaim(now: datetime, most: int = 500) -> int:
    """Take back what dead processes held; gives how many leases that were."""
    expired = Lease.objects.filter(expires_at__lte=now)
    return take_back(expired.filter(pk__in=list(expired.values_list("pk", flat=True)[:most])))


def take_back(found: QuerySet[Lease]) -> int:
    """End these leases, as far as they are still among them once their Spend rows are locked."""
    ids = sorted(set(found.values_list("object_id", flat=True)))
    if not ids:
        return 0
    with transaction.atomic():
        list(Spend.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        gone = list(found.filter(object_id__in=ids))
        for lease in gone:
            amount = max(lease.amount, 0)
            Spend.objects.filter(pk=lease.object_id, reserved__gte=amount).update(reserved=F("reserved") - amount)
        Lease.objects.filter(pk__in=[lease.pk for lease in gone]).delete()
    return len(gone)
