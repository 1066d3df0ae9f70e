"""Usage as the gateway books it: for the key and for everything that its calls count for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple
from uuid import uuid4

from django.utils import timezone

from gateway.ledger.usage import parties_of
from gateway.models import DailyUsage, Spend, Usage
from keys.models import Key
from teams.models import Membership


class Use(NamedTuple):
    """A day's use of a model with a key: ten requests, one of them failed, 120 tokens."""

    key: Key
    dollars: float = 1.0
    day: date | None = None  # None: today
    model: str = "gpt-4"


def book(uses: Iterable[Use]) -> None:
    """Write all of it, once a test."""
    uses = list(uses)
    members = {
        (user, team or project): pk
        for pk, user, team, project in Membership.objects.values_list("pk", "user_id", "team_id", "project_id")
    }
    times: dict[Any, int] = defaultdict(int)
    spent: dict[Any, int] = defaultdict(int)
    for use in uses:
        for kind, pk in counted_for(use.key, members):
            line = kind, pk, use.day or timezone.now().date(), use.model
            times[line] += 1
            spent[line] += int(use.dollars * 10**9)
    DailyUsage.objects.bulk_create(
        DailyUsage(kind=kind, object_id=pk, day=day, model=model, spend=spent[kind, pk, day, model], requests=10 * n,
                   failures=n, prompt_tokens=100 * n, completion_tokens=20 * n)
        for (kind, pk, day, model), n in times.items()
    )  # fmt: skip
    Usage.objects.bulk_create(call_of(use, members) for use in uses)
    totals: dict[Any, int] = defaultdict(int)
    for (kind, pk, *_), amount in spent.items():
        totals[kind, pk] += amount
    Spend.objects.bulk_create(
        Spend(kind=kind, object_id=pk, lifetime=amount, current=amount, period_start=timezone.now())
        for (kind, pk), amount in totals.items()
    )


def call_of(use: Use, members: Mapping[Any, Any]) -> Usage:
    """The use as one call, at noon of its day: today's is no later than now, for in the morning noon is yet to come."""
    now = timezone.now()
    at = min(datetime.combine(use.day or now.date(), time(12), UTC), now)
    return Usage(
        **parties_of(use.key, members)._asdict(),
        request_id=uuid4().hex,
        batch=uuid4(),
        started_at=at,
        ended_at=at,
        model=use.model,
        cost=int(use.dollars * 10**9),
        prompt_tokens=100,
        completion_tokens=20,
        tags=use.key.tags,
    )


def counted_for(key: Key, members: Mapping[Any, Any]) -> list[tuple[str, Any]]:
    """The kinds and ids of everything that a call with the key counts for."""
    found = [("key", key.pk), ("organization", key.organization_id), ("team", key.team_id), ("project", key.project_id)]
    found += [("user", key.user_id)] if key.kind == Key.Kind.PERSONAL else []
    found += [("membership", members.get((key.user_id, scope))) for scope in (key.team_id, key.project_id) if scope]
    return [(kind, pk) for kind, pk in found if pk]
