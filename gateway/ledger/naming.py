"""How many tags, end users and models of wildcards are counted by name: callers choose these, and each is a row a day.

Each organization has so many names a day; what calls of further ones cost is counted together. The calls themselves
keep what they were called with.
"""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import transaction

from gateway.ledger.models import CountedName
from gateway.ledger.usage import NO_ORGANIZATION, Event, Named, chosen, id_of_name
from gateway.models import Customer
from rbacadmin.slices import slices

MOST_KNOWN = 100_000

_known: set[tuple[date, UUID, UUID]] = set()  # day, organization and name: counted by themselves, for sure


def beyond(events: Iterable[Event], today: date) -> frozenset[Named]:
    """The names that get no row of their own today, so that they count together. Inside the transaction of a batch.

    Of end users that somebody has made a row for, each counts by itself: they may have a budget. Processes that write
    in the same moment may exceed the number by what their batches bring. No query when all names are known.
    """
    wanted: dict[tuple[UUID, str], dict[UUID, str]] = {}
    for event in events:
        organization = event.parties.organization_id or NO_ORGANIZATION
        for kind, name in chosen(event):
            if (today, organization, pk := id_of_name(kind, name)) not in _known:
                wanted.setdefault((organization, kind), {})[pk] = name
    found: list[Named] = []
    counted: list[tuple[date, UUID, UUID]] = []
    for (organization, kind), names in sorted(wanted.items()):
        room = settings.MOST_MODELS_A_DAY if kind == "model" else settings.MOST_NAMES_A_DAY
        own = there(organization, kind, today, names)
        if new := [pk for pk in names if pk not in own]:
            room -= CountedName.objects.filter(organization_id=organization, kind=kind, day=today).count()
            fits = sorted(new[: max(room, 0)])
            rows = [CountedName(organization_id=organization, kind=kind, day=today, object_id=pk) for pk in fits]
            CountedName.objects.bulk_create(rows, ignore_conflicts=True)
            own |= set(fits)
        found += [(organization, kind, name) for pk, name in names.items() if pk not in own]
        counted += [(today, organization, pk) for pk in own]
    if counted:
        transaction.on_commit(lambda: remember(counted))
    return frozenset(found)


def there(organization: UUID, kind: str, today: date, names: Collection[UUID]) -> set[UUID]:
    """Those of the names that count by themselves already."""
    found: set[UUID] = set()
    rows = CountedName.objects.filter(organization_id=organization, kind=kind, day=today)
    for some in slices(sorted(names)):
        found |= set(rows.filter(object_id__in=some).values_list("object_id", flat=True))
        if kind == "customer":
            found |= set(Customer.objects.filter(pk__in=some).values_list("pk", flat=True))
    return found


def remember(counted: Collection[tuple[date, UUID, UUID]]) -> None:
    """These count by themselves for the rest of the day: nobody need be asked again."""
    if len(_known) > MOST_KNOWN:
        forget()
    _known.update(counted)


def forget() -> None:
    """Ask the database again."""
    _known.clear()
