"""A month of usage: booked for each key and for all that is above it, so that parents are sums."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone as clock

from gateway.ledger.usage import Counted, id_of_name
from gateway.models import DailyUsage, Label, Spend
from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin.management.demo.build import Made
from rbacadmin.management.demo.cast import CUSTOMERS, PRICES
from rbacadmin.periods import Period, current_period
from teams.models import Membership, Team, User

DAYS = 30
BATCH = 1000
Line = tuple[str, UUID, date, str]


def spend_a_month(made: list[Made], chance: Random, born: dict[UUID, datetime]) -> int:
    """Write DailyUsage and Spend for the 30 days up to today. Returns the number of days' rows."""
    today = clock.now().date()
    rows_of_members = Membership.objects.values_list("pk", "user_id", "team_id", "project_id")
    members = {(user, team or project): pk for pk, user, team, project in rows_of_members if team or project}
    labels = write_labels(made, chance)
    book: dict[Line, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    used = []
    for here in made:
        for key in here.keys:
            for day, model, line in usage_of(key, here, chance, today, born[key.pk].date()):
                for kind, pk in (*counted_for(key, members), *labels[key.pk]):
                    entry = book[kind, pk, day, model]
                    entry[:] = [have + more for have, more in zip(entry, line, strict=True)]
                key.last_used_at = datetime.combine(day, time(chance.randint(7, 18), chance.randint(0, 59)), UTC)
            if key.last_used_at:
                key.last_used_at = min(key.last_used_at, clock.now())
                used.append(key)
    Key.objects.bulk_update(used, ["last_used_at"], batch_size=200)
    columns = ("requests", "failures", "prompt_tokens", "completion_tokens", "spend")
    rows = [
        DailyUsage(kind=kind, object_id=pk, day=day, model=model, **dict(zip(columns, line, strict=True)))
        for (kind, pk, day, model), line in sorted(book.items(), key=str)
    ]
    DailyUsage.objects.bulk_create(rows, batch_size=BATCH)
    add_up(rows)
    return len(rows)


def add_up(rows: list[DailyUsage]) -> None:
    """Write what everybody spent: in all, and in the budget period that runs now."""
    lines: dict[tuple[str, UUID], list[DailyUsage]] = defaultdict(list)
    for row in rows:
        lines[row.kind, row.object_id].append(row)
    now = clock.now()
    periods: dict[UUID, Period | None] = {}
    for model in (Key, Team, Project, Organization, User, Membership):
        limited: Any = model._default_manager.all()
        periods |= {one.pk: current_period(one, now) for one in limited}
    spends = []
    for (kind, pk), theirs in lines.items():
        period = periods.get(pk)  # tags and end users have no budget here
        since = period.start if period else datetime.combine(theirs[0].day, time(), UTC)
        current = sum(line.spend for line in theirs if line.day >= since.date())
        lifetime = sum(line.spend for line in theirs)
        spends.append(Spend(kind=kind, object_id=pk, lifetime=lifetime, current=current, period_start=since))
    Spend.objects.bulk_create(spends, batch_size=BATCH)


def counted_for(key: Key, members: dict[Any, UUID]) -> list[tuple[str, UUID]]:
    """The key itself, and everything that its calls count for."""
    above = [
        ("organization", key.organization_id),
        ("team", key.team_id),
        ("project", key.project_id),
        ("user", key.user_id if key.kind == Key.Kind.PERSONAL else None),
        ("membership", members.get((key.user_id, key.team_id)) if key.team_id else None),
        ("membership", members.get((key.user_id, key.project_id)) if key.project_id else None),
    ]
    return [("key", key.pk), *((kind, pk) for kind, pk in above if pk is not None)]


def write_labels(made: list[Made], chance: Random) -> dict[UUID, list[Counted]]:
    """What else the calls of each key count for: what it is for as a tag, and for robots the customer they serve."""
    found: dict[UUID, list[Counted]] = {}
    names: dict[Counted, str] = {}
    for here in made:
        for key in here.keys:
            said = [("tag", key.alias.rsplit("-", 2)[-2])]
            if key.kind == Key.Kind.SERVICE:
                said.append(("customer", f"{here.house.domain.split('.')[0]}-{chance.choice(CUSTOMERS)}"))
            theirs = {(kind, id_of_name(kind, name)): name for kind, name in said}
            found[key.pk] = list(theirs)
            names |= theirs
    rows = [Label(object_id=pk, kind=kind, name=name) for (kind, pk), name in sorted(names.items(), key=str)]
    Label.objects.bulk_create(rows, ignore_conflicts=True)
    return found


def usage_of(key: Key, here: Made, chance: Random, today: date, born: date) -> list[tuple[date, str, list[int]]]:
    """What a key used, by day and model: quiet at weekends, and less than its budget."""
    if chance.random() < 0.15:
        return []  # made and forgotten
    ended = key.expires_at.date() if key.expires_at else today
    first, last = max(born, today - timedelta(days=DAYS - 1)), min(today, ended)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    busy = [day for day in days if chance.random() < (0.5 if day.weekday() < 5 else 0.1)]
    scope = key.team or key.project
    models = key.models or (scope.models if scope else None) or list(here.house.models)
    left = int((key.max_budget or chance.randint(3, 40) * 10**9) * chance.uniform(0.1, 0.95))
    found = []
    for day in busy:
        model = chance.choice(models)
        requests = chance.randint(50, 1200)
        prompt, completion = requests * chance.randint(300, 1500), requests * chance.randint(80, 500)
        cost = (prompt + 4 * completion) * PRICES[model]
        if cost > left:
            continue
        left -= cost
        found.append((day, model, [requests, chance.randint(0, requests // 20), prompt, completion, cost]))
    return found
