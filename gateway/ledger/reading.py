"""Single calls, for those who may see what was spent. Sums over days stand in DailyUsage; these are its parts."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from gateway.ledger.models import Usage
from gateway.spending import Ledger

COLUMNS = {
    "key": ("key_id",),
    "user": ("user_id",),
    "membership": ("membership_id", "project_membership_id"),
    "team": ("team_id",),
    "project": ("project_id",),
    "organization": ("organization_id",),
}


def calls(ledgers: Iterable[Ledger], first: date | None = None, last: date | None = None) -> QuerySet[Usage]:
    """The calls that count in these ledgers and ended from the first to the last day (UTC), both in it."""
    condition = Q(pk__in=[])
    for ledger in ledgers:
        if ledger.ids is None:
            condition = Q()
            break
        for column in COLUMNS[ledger.kind]:
            condition |= Q(**{f"{column}__in": ledger.ids})
    found = Usage.objects.filter(condition)
    found = found.filter(ended_at__gte=midnight(first)) if first else found
    return found.filter(ended_at__lt=midnight(last) + timedelta(days=1)) if last else found


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def narrowed(
    found: QuerySet[Usage],
    *,
    model: str | None = None,
    request_id: str | None = None,
    status: str | None = None,
    least: int | None = None,
    most: int | None = None,
    customer: str | None = None,
    tag: str | None = None,
) -> QuerySet[Usage]:
    """Of these calls, those that fit all that is given. `least` and `most` are nano-dollars."""
    given: dict[str, Any] = {
        "model": model or None,
        "request_id": request_id,
        "status": status,
        "cost__gte": least,
        "cost__lte": most,
        "customer": customer,
    }
    found = found.filter(**{name: value for name, value in given.items() if value is not None})
    return found if tag is None else tagged(found, tag)


def tagged(found: QuerySet[Usage], tag: str) -> QuerySet[Usage]:
    """Calls with this tag; SQLite's JSON knows no "contains", but can list what an array holds."""
    if connection.vendor == "postgresql":
        return found.filter(tags__contains=[tag])
    table = Usage._meta.db_table
    within = f"EXISTS (SELECT 1 FROM json_each({table}.tags) WHERE json_each.value = %s)"  # noqa: S608
    return found.extra(where=[within], params=[tag])  # noqa: S610 (the tag is a parameter)
