"""Whether the books agree: leases with what is reserved, and calls with the sums of their days."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Sum
from django.db.models.functions import TruncDate

from gateway.ledger.models import Lease, Usage
from gateway.ledger.reading import COLUMNS
from gateway.models import DailyUsage, Spend


def leases_add_up() -> Iterator[str]:
    """What is reserved of a budget is what its processes were lent."""
    lent: dict[UUID, int] = defaultdict(int)
    for pk, amount in Lease.objects.values_list("object_id", "amount"):
        lent[pk] += max(amount, 0)
    reserved = dict(Spend.objects.filter(reserved__gt=0).values_list("object_id", "reserved"))
    for pk in sorted(lent.keys() | reserved.keys()):
        if lent.get(pk, 0) != reserved.get(pk, 0):
            yield f"budget {pk}: {reserved.get(pk, 0)} reserved, {lent.get(pk, 0)} lent"


def calls_are_in_their_days() -> Iterator[str]:
    """No day's sums hold less than its calls. They may hold more: old calls are forgotten, their sums are not."""
    days = {
        (kind, pk, day): (requests, spend)
        for kind, pk, day, requests, spend in DailyUsage.objects.values_list("kind", "object_id", "day").annotate(
            Sum("requests"), Sum("spend")
        )
    }
    for kind, columns in COLUMNS.items():
        found: dict[tuple[str, UUID, Any], list[int]] = defaultdict(lambda: [0, 0])
        for column in columns:
            rows = Usage.objects.filter(**{f"{column}__isnull": False}).order_by()
            by_day = rows.values(pk_of=F(column), day=TruncDate("ended_at")).annotate(n=Count("pk"), total=Sum("cost"))
            for row in by_day:
                line = found[kind, row["pk_of"], row["day"]]
                line[0] += row["n"]
                line[1] += row["total"]
        for place, (calls, cost) in found.items():
            requests, spend = days.get(place, (0, 0))
            if calls > requests or cost > spend:
                yield f"{kind} {place[1]} on {place[2]}: {calls} calls of {cost}, {requests} of {spend} in its sums"


def without_keys() -> dict[tuple[str, UUID], int]:
    """What calls without a key (tokens) cost, by the scopes that they counted for."""
    found: dict[tuple[str, UUID], int] = defaultdict(int)
    for kind in ("organization", "team", "project"):
        rows = Usage.objects.filter(key_id=None, **{f"{kind}_id__isnull": False}).order_by()
        for pk, total in rows.values_list(f"{kind}_id").annotate(total=Sum("cost")):
            found[kind, pk] += total
    return dict(found)
