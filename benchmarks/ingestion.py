"""How many calls a second one process writes: in batches with exact sums, against one transaction for each call.

    python -m benchmarks.ingestion [--seconds 3]

Both write the same things for every call: the call, the day's sums of its key, person, team and organization, and what
these have spent; on PostgreSQL, with commits that wait for the disk. The batches are the product's own recorder; call
by call it is one INSERT and eight upserts, as simple as SQL can be. Rounds alternate.
"""

import argparse
import random
import sys
import time
import uuid
from typing import Any

from benchmarks.overshoot import Row
from benchmarks.prepared import database

KEYS, PEOPLE, TEAMS, ORGANIZATIONS = 100_000, 20_000, 1_000, 50
MODELS = ("gpt-4o", "gpt-4o-mini", "claude-sonnet", "llama-70b")
ROUNDS = 3
FLOOR, AIM = 10.0, 20.0


def calls(chance: random.Random, many: int) -> list[Any]:
    """Calls of keys, a few of which call most."""
    from django.utils import timezone

    from gateway.ledger.usage import Event, Parties

    def pk(kind: int, number: int) -> uuid.UUID:
        return uuid.UUID(int=(kind << 64) + number)

    now, found = timezone.now(), []
    for _ in range(many):
        key = int(KEYS * chance.random() ** 2)
        parties = Parties(
            pk(1, key), pk(2, key % PEOPLE), team_id=pk(3, key % TEAMS), organization_id=pk(4, key % ORGANIZATIONS)
        )
        prompt, completion = chance.randrange(20, 4000), chance.randrange(1, 1000)
        cost, model = chance.randrange(20_000_000), chance.choice(MODELS)  # the catalog has it by that name
        found.append(Event(uuid.uuid4().hex, parties, model, now, now, cost, prompt, completion, entry=model))
    return found


def batched(seconds: float, chance: random.Random, size: int) -> float:
    """Calls a second through the product's recorder, in batches of this size."""
    from gateway.ledger.recording import Recorder

    recorder, done, taken = Recorder(), 0, 0.0
    while taken < seconds:
        events = calls(chance, size)
        started = time.perf_counter()
        for event in events:
            recorder.record(event)
        done += recorder.flush()
        taken += time.perf_counter() - started
    return done / taken


def one_by_one(seconds: float, chance: random.Random) -> float:
    """Calls a second, each in a transaction of its own."""
    from django.db import connection, transaction

    from gateway.ledger.statements import CALL, DAY, call
    from gateway.ledger.usage import counted_for

    usage = f"INSERT INTO gateway_usage ({', '.join(CALL)}) VALUES ({', '.join(['%s'] * len(CALL))})"
    sums = ", ".join(f"{name} = gateway_dailyusage.{name} + excluded.{name}" for name in DAY[4:])
    days = (
        f"INSERT INTO gateway_dailyusage ({', '.join(DAY)}) VALUES ({', '.join(['%s'] * len(DAY))}) "
        f"ON CONFLICT (kind, object_id, day, model) DO UPDATE SET {sums}"
    )
    spend = (
        "INSERT INTO gateway_spend (object_id, kind, period_start, lifetime, current, reserved) "
        "VALUES (%s, %s, %s, %s, %s, 0) ON CONFLICT (object_id) DO UPDATE SET "
        "lifetime = gateway_spend.lifetime + excluded.lifetime, current = gateway_spend.current + excluded.current"
    )
    batch, done, taken = uuid.uuid4(), 0, 0.0
    while taken < seconds:
        events = calls(chance, 200)
        started = time.perf_counter()
        for event in events:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(usage, call(event, batch))
                for kind, pk in counted_for(event):
                    line = (event.ended_at.date(), event.model, 1, 0, event.prompt_tokens, event.completion_tokens)
                    cursor.execute(days, (kind, pk, *line, event.cost))
                    cursor.execute(spend, (pk, kind, event.ended_at, event.cost, event.cost))
        done += len(events)
        taken += time.perf_counter() - started
    return done / taken


def rows(seconds: float = 3.0) -> list[Row]:
    """The measured lines. Needs a prepared database."""
    chance = random.Random(7)
    naive, small, large = [], [], []
    for _ in range(ROUNDS):
        naive.append(one_by_one(seconds, chance))
        small.append(batched(seconds, chance, 1_000))
        large.append(batched(seconds, chance, 5_000))
    exact()
    slow, usual, best = (sorted(found)[ROUNDS // 2] for found in (naive, small, large))
    print(f"one transaction for each call  {slow:8.0f} calls/s")
    print(f"batches of 1,000               {usual:8.0f} calls/s")
    print(f"batches of 5,000               {best:8.0f} calls/s")
    return [
        Row("usage in batches of 1,000 with exact sums / one upsert per call", usual / slow, FLOOR, AIM),
        Row("usage in batches of 5,000 with exact sums / one upsert per call", best / slow, FLOOR, AIM),
    ]


def exact() -> None:
    """Raise AssertionError unless the sums are what the calls add up to."""
    from django.db.models import Sum

    from gateway.models import DailyUsage, Spend, Usage

    total = Usage.objects.aggregate(total=Sum("cost"))["total"]
    for kind in ("key", "user", "team", "organization"):
        assert DailyUsage.objects.filter(kind=kind).aggregate(total=Sum("spend"))["total"] == total
        assert Spend.objects.filter(kind=kind).aggregate(total=Sum("lifetime"))["total"] == total


def main() -> int:
    parser = argparse.ArgumentParser("benchmarks.ingestion", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="for each of the nine measurements")
    options = parser.parse_args()
    with database():
        found = rows(options.seconds)
    for row in found:
        print(f"{row.name:66s} {row.ratio:6.1f}x  at least {row.floor:.0f}x, aim {row.aim:.0f}x")
    return 0 if all(row.ratio >= row.floor for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
