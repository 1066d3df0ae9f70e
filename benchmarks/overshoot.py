"""How far a budget is overspent, and how much of it can be used: 64 callers in 4 processes on PostgreSQL.

    python -m benchmarks.overshoot [--processes 4] [--threads 16]

One budget of five dollars. A call reserves 0.015, takes 30 ms, and costs between 0.005 and 0.015, at random. A caller
that is told that calls in flight have reserved the money tries again, as it is told to; one that is told that the
budget is spent stops. Beside it, the two ways in which budgets are commonly checked: the spend read from the database
before every call and added afterwards, and the same from a cache of half a second.
"""

import argparse
import multiprocessing
import random
import sys
import threading
import time
import uuid
from typing import Any, NamedTuple

from benchmarks.prepared import database

DOLLAR = 10**9
BUDGET = 5 * DOLLAR
ESTIMATE = 15 * DOLLAR // 1000
LASTS = 0.03  # seconds
FLOOR, AIM = 0.0, 0.99


class Row(NamedTuple):
    """One line of the table: `ratio` is measured, `floor` must be reached, `aim` is the goal."""

    name: str
    ratio: float
    floor: float
    aim: float


class Spent(NamedTuple):
    """What one process has done."""

    amount: int
    calls: int
    trips: int  # to the database, before calls were admitted


def leased(budget_id: uuid.UUID, threads: int, seed: int, answers: Any) -> None:
    """A process whose callers pay from its purse; its ledger runs as in the product."""
    from gateway.ledger import leases
    from gateway.ledger.purse import Purse
    from gateway.ledger.recording import recorder
    from gateway.ledger.terms import Terms
    from gateway.ledger.usage import Event, Parties

    recorder.start()
    purse = Purse(budget_id, "team", Terms(BUDGET))
    parties, trips, honest = Parties(team_id=budget_id), [0], leases.take

    def counted(*args: Any) -> Any:
        found = honest(*args)
        trips[0] += found.granted > 0  # who is refused and tries again asks too, and calls nothing
        return found

    leases.take = counted  # type: ignore[assignment]

    def admit(chance: random.Random) -> Any:
        while not purse.take(ESTIMATE, time.time()):
            if purse.refusal is None or purse.refusal.reason != "reserved":
                return None
            time.sleep(0.05)
        return chance.randint(DOLLAR // 200, ESTIMATE)

    def settle(cost: int) -> None:
        from django.utils import timezone

        now = timezone.now()
        event = Event(uuid.uuid4().hex, parties, "model", now, now, cost, 10, 10, purses=(purse,))
        recorder.record(event, [(purse, ESTIMATE)])

    amount, calls = run(threads, seed, admit, settle)
    recorder.stop()
    answers.put(Spent(amount, calls, trips[0]))


def checked(budget_id: uuid.UUID, threads: int, seed: int, answers: Any, keep: float = 0.0) -> None:
    """A process that looks at what was spent before each call, and adds what it cost after it."""
    from django.db import connection
    from django.db.models import F

    from gateway.models import Spend

    seen, lock, trips = [0.0, 0], threading.Lock(), [0]

    def admit(chance: random.Random) -> Any:
        with lock:
            if not keep or time.time() - seen[0] > keep:
                trips[0] += 1
                seen[:] = [time.time(), Spend.objects.get(pk=budget_id).current]
                connection.close()
            return chance.randint(DOLLAR // 200, ESTIMATE) if seen[1] < BUDGET else None

    def settle(cost: int) -> None:
        Spend.objects.filter(pk=budget_id).update(current=F("current") + cost)
        connection.close()

    amount, calls = run(threads, seed, admit, settle)
    answers.put(Spent(amount, calls, trips[0]))


def cached(*args: Any) -> None:
    checked(*args, keep=0.5)


def run(threads: int, seed: int, admit: Any, settle: Any) -> tuple[int, int]:
    """Callers that call until they are refused: what they spent, and how often."""
    total, calls, lock = [0], [0], threading.Lock()

    def caller(number: int) -> None:
        chance, until = random.Random(seed * 1000 + number), time.time() + 60
        while time.time() < until and (cost := admit(chance)) is not None:
            time.sleep(LASTS)
            settle(cost)
            with lock:
                total[0] += cost
                calls[0] += 1

    running = [threading.Thread(target=caller, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return total[0], calls[0]


def measure(scheme: Any, processes: int, threads: int) -> Spent:
    from django.db import connections
    from django.utils import timezone

    from gateway.models import Spend

    budget_id = uuid.uuid4()
    Spend.objects.create(object_id=budget_id, kind="team", period_start=timezone.now())
    connections.close_all()
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    running = [
        context.Process(target=child, args=(scheme.__name__, budget_id, threads, seed, answers))
        for seed in range(processes)
    ]
    for process in running:
        process.start()
    found = [answers.get(timeout=180) for _ in running]
    for process in running:
        process.join()
    return Spent(*(sum(column) for column in zip(*found, strict=True)))


def child(name: str, *args: Any) -> None:
    import django

    django.setup()
    globals()[name](*args)


def rows(processes: int = 4, threads: int = 16) -> list[Row]:
    """The measured lines; the text of all schemes is printed besides. Needs a prepared database."""
    in_flight = processes * threads
    for scheme, name in ((checked, "spend read before each call, added after it"), (cached, "the same, cached 0.5 s")):
        show(name, measure(scheme, processes, threads))
    found = measure(leased, processes, threads)
    show("leases: reserve, then settle", found)
    used = found.amount / BUDGET
    return [
        Row(f"budget not overspent, {in_flight} in flight, {processes} processes", float(used <= 1), 1.0, 1.0),
        Row("part of the budget that is usable", used, 0.97, 0.99),
        Row("calls that were admitted without asking the database", 1 - found.trips / found.calls, 0.90, 0.95),
    ]


def show(name: str, found: Spent) -> None:
    over = 100 * (found.amount / BUDGET - 1)
    trips = 100 * found.trips / max(found.calls, 1)
    print(f"{name:46s} {over:+8.2f} % of the budget, {found.calls:5d} calls, {trips:5.1f} % asked the database")


def main() -> int:
    parser = argparse.ArgumentParser("benchmarks.overshoot", description=__doc__)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--threads", type=int, default=16)
    options = parser.parse_args()
    with database():
        found = rows(options.processes, options.threads)
    for row in found:
        print(f"{row.name:60s} {row.ratio:6.3f}  at least {row.floor:.2f}, aim {row.aim:.2f}")
    return 0 if all(row.ratio >= row.floor for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
