"""Writing a batch of calls: the calls, the days' sums, the spend and the leases, in one transaction.

So the sums are exact: they hold a call if, and only if, the call is written. A call whose request id is there already
counts nowhere again. Rows are locked in one order (days, spend, leases, each by its key), whatever the batch.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from gateway.ledger import budgets, leases, naming
from gateway.ledger.models import Label, Usage
from gateway.ledger.statements import add_days, add_spend, insert_usage
from gateway.ledger.usage import Event, Named, counted_by_name, counted_for, id_of_name, model_counted, pays
from rbacadmin.slices import slices

Day = tuple[str, UUID, date, str]  # kind, id, day, model
# By kind, id and model: when, nano-dollars, and whether the thing's own budget pays them.
Costs = defaultdict[tuple[str, UUID, str], list[tuple[datetime, int, bool]]]
known_labels: set[UUID] = set()  # names that are written for sure
MOST_LABELS = 100_000


@dataclass
class Booking:
    """What a batch adds to one Spend row. Nano-dollars; `since` is None for what has no period."""

    kind: str
    since: datetime | None
    first: datetime
    lifetime: int = 0
    current: int = 0


@dataclass
class Written:
    """Which calls a transaction wrote, and which had been there."""

    fresh: list[Event] = field(default_factory=list)
    known: list[Event] = field(default_factory=list)


def write(events: Sequence[Event], batch: UUID, loose: Mapping[UUID, int] | None = None) -> Written:
    """Write the calls that are new, in one transaction, and take what they cost off this process's leases.

    `loose` is what goes back besides: nano-dollars by the id of the Spend row. A batch that failed for a lost
    connection may be written again under the same id: whether it had been written before, this finds out.
    """
    now = timezone.now()
    found = Written()
    with transaction.atomic():
        there = recorded([event.request_id for event in events])
        done = batch in there.values()
        seen: set[str] = set()
        for event in events:
            ours = there.get(event.request_id) == batch
            new = event.request_id not in seen and (ours or event.request_id not in there)
            seen.add(event.request_id)
            (found.fresh if new else found.known).append(event)
        if done:
            return found
        fresh = sorted(found.fresh, key=lambda event: event.request_id)
        insert_usage(fresh, batch)
        beyond = naming.beyond(fresh, now.date())
        days, spends = added_up(fresh, now, beyond)
        add_days(days)
        amounts = taken_off(fresh, loose or {})
        add_spend(spends, amounts)
        if amounts:
            leases.lower(amounts)
        write_labels(fresh, beyond)
    return found


def recorded(ids: Sequence[str]) -> dict[str, UUID]:
    """Which of these request ids are written already, and in which batch."""
    if connection.vendor == "postgresql":
        rows = Usage.objects.filter(request_id__in=list(ids)) if ids else Usage.objects.none()
        return dict(rows.values_list("request_id", "batch"))
    found: dict[str, UUID] = {}
    for some in slices(ids):
        rows = Usage.objects.filter(request_id__in=some)
        found |= dict(rows.values_list("request_id", "batch"))
    return found


def added_up(
    events: Iterable[Event], now: datetime, beyond: Container[Named] = ()
) -> tuple[dict[Day, list[int]], dict[UUID, Booking]]:
    """What the calls add to days (requests, failures, tokens in and out, spend) and to Spend rows."""
    days: dict[Day, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    costs: Costs = defaultdict(list)
    for event in events:
        failed, day, model = event.status != "success", event.ended_at.date(), model_counted(event, beyond)
        for kind, pk in counted_for(event, beyond):
            line = days[kind, pk, day, model]
            line[0] += 1
            line[1] += failed
            line[2] += event.prompt_tokens
            line[3] += event.completion_tokens
            line[4] += event.cost
            if event.cost:
                costs[kind, pk, event.model].append((event.ended_at, event.cost, pays(event, pk)))
    return days, booked(costs, now)


def booked(costs: Costs, now: datetime) -> dict[UUID, Booking]:
    """The same for Spend rows. The lifetime alone has what ended before the period began, or what is not paid for."""
    rows = budgets.limited_rows({(kind, pk) for kind, pk, _ in costs})
    found: dict[UUID, Booking] = {}
    for (kind, pk, model), amounts in costs.items():
        for its_kind, its_pk, terms in budgets.budgets_of(kind, pk, model, rows.get(pk)):
            booking = found.get(its_pk)
            if booking is None:
                period = terms.period(now) if terms else None
                booking = found[its_pk] = Booking(its_kind, period.start if period else None, amounts[0][0])
            for ended_at, cost, paid in amounts:
                booking.lifetime += cost
                if not paid:
                    continue
                if booking.since is None or ended_at >= booking.since:
                    booking.current += cost
    return found


def taken_off(events: Iterable[Event], loose: Mapping[UUID, int]) -> dict[UUID, int]:
    """What leaves this process's leases: what its calls cost, and what it returns."""
    amounts: dict[UUID, int] = defaultdict(int, loose)
    for event in events:
        for purse in event.purses:
            amounts[purse.object_id] += event.cost
    return {pk: amount for pk, amount in amounts.items() if amount}


def write_labels(events: Iterable[Event], beyond: Container[Named] = ()) -> None:
    """Keep the names of tags and end users that are new to this process."""
    wanted: dict[UUID, Label] = {}
    for event in events:
        for kind, name in counted_by_name(event, beyond):
            pk = id_of_name(kind, name)
            if pk not in known_labels:
                wanted[pk] = Label(object_id=pk, kind=kind, name=name)
    if wanted:
        Label.objects.bulk_create([wanted[pk] for pk in sorted(wanted)], ignore_conflicts=True)
        transaction.on_commit(lambda: remember(wanted))


def remember(labels: Iterable[UUID]) -> None:
    if len(known_labels) > MOST_LABELS:
        known_labels.clear()
    known_labels.update(labels)
