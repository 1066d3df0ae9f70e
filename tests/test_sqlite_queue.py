"""The fair queue of SQLite's writers: nobody fails, nobody starves, and no error leaves the queue held."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import Error, OperationalError, connections
from django.db.transaction import atomic
from django.db.utils import ConnectionHandler

from rbacadmin.db.sqlite3.fair_lock import FairLock

pytestmark = pytest.mark.sqlite

ALIAS = "queue"
THREADS, ROUNDS = 16, 20


@pytest.fixture
def database(tmp_path: Path, django_db_blocker: Any) -> Iterator[Path]:
    """A SQLite file with a counter, beside whatever database this leg tests on."""
    path = tmp_path / "queue.sqlite3"
    options = {"transaction_mode": "IMMEDIATE", "timeout": 60, "init_command": "PRAGMA journal_mode=WAL"}
    settings = {"ENGINE": "rbacadmin.db.sqlite3", "NAME": path, "OPTIONS": options}
    connections.settings[ALIAS] = ConnectionHandler({"default": settings}).settings["default"]
    with django_db_blocker.unblock():
        run("CREATE TABLE counter (id integer PRIMARY KEY, value integer NOT NULL)")
        run("INSERT INTO counter VALUES (1, 0)")
        yield path
        connections[ALIAS].close()
    del connections[ALIAS]
    del connections.settings[ALIAS]


@pytest.fixture
def impatient(database: Path) -> None:
    """New connections give up after a third of a second."""
    connections.settings[ALIAS]["OPTIONS"]["timeout"] = 0.3


def run(sql: str) -> list[tuple[Any, ...]]:
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def increment() -> None:
    """Read, think, write: what a service does."""
    with atomic(ALIAS):
        [(value,)] = run("SELECT value FROM counter")
        time.sleep(0.0005)
        with atomic(ALIAS):
            run(f"UPDATE counter SET value = {value + 1}")


def in_thread(work: Callable[[], Any]) -> Any:
    """The work's result, done on a connection of its own."""

    def closing() -> Any:
        try:
            return work()
        finally:
            connections[ALIAS].close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(closing).result(timeout=120)


def is_free() -> bool:
    """Whether another thread can write now. Only means something to the impatient."""
    try:
        in_thread(increment)
    except OperationalError:
        return False
    return True


def test_sixteen_threads_write_and_none_fails_or_starves(database: Path) -> None:
    all_connected = threading.Barrier(THREADS)
    turns: list[int] = []
    waited: list[int] = []

    def work() -> None:
        connections[ALIAS].ensure_connection()
        all_connected.wait()
        for _ in range(ROUNDS):
            asked = len(turns)
            with atomic(ALIAS):
                waited.append(len(turns) - asked)
                turns.append(1)
                increment()

    with ThreadPoolExecutor(THREADS) as pool:
        for future in [pool.submit(in_thread, work) for _ in range(THREADS)]:
            future.result(timeout=120)
    assert run("SELECT value FROM counter") == [(THREADS * ROUNDS,)]
    # Whoever asks waits for the others at most once, give or take those who ask while this thread sleeps; when threads
    # poll, some wait for hundreds of turns.
    assert sum(others > 2 * THREADS for others in waited) <= 3
    assert max(waited) < 6 * THREADS


def test_writes_outside_a_transaction_take_turns_with_transactions(database: Path) -> None:
    def work(number: int) -> None:
        for _ in range(ROUNDS):
            increment() if number % 2 else run("UPDATE counter SET value = value + 1")

    with ThreadPoolExecutor(THREADS) as pool:
        for future in [pool.submit(in_thread, lambda n=number: work(n)) for number in range(THREADS)]:
            future.result(timeout=120)
    assert run("SELECT value FROM counter") == [(THREADS * ROUNDS,)]


def test_a_reader_does_not_wait_for_a_writer(database: Path) -> None:
    with atomic(ALIAS):
        run("UPDATE counter SET value = 5")
        assert in_thread(lambda: run("SELECT value FROM counter")) == [(0,)]


def test_a_writer_gives_up_when_its_turn_does_not_come(impatient: None) -> None:
    with atomic(ALIAS):
        with pytest.raises(OperationalError, match="database is locked"):
            in_thread(increment)
        with pytest.raises(OperationalError, match="database is locked"):
            in_thread(lambda: run("UPDATE counter SET value = 7"))
    assert is_free()
    assert run("SELECT value FROM counter") == [(1,)]


def test_an_inner_block_does_not_pass_the_turn(impatient: None) -> None:
    with atomic(ALIAS):
        with pytest.raises(ZeroDivisionError), atomic(ALIAS):
            raise ZeroDivisionError
        assert not is_free()
    assert is_free()


def fail_inside() -> None:
    with atomic(ALIAS):
        raise ZeroDivisionError


def fail_at_commit() -> None:
    run("CREATE TABLE child (parent integer REFERENCES counter DEFERRABLE INITIALLY DEFERRED)")
    with atomic(ALIAS):
        run("INSERT INTO child VALUES (99)")


def fail_to_begin() -> None:
    connections[ALIAS].ensure_connection()
    connections[ALIAS].transaction_mode = "NONSENSE"
    with atomic(ALIAS):
        pass


def fail_in_one_statement() -> None:
    run("INSERT INTO counter VALUES (1, 1)")


def close_inside() -> None:
    with atomic(ALIAS):
        connections[ALIAS].close()
        run("SELECT 1")


@pytest.mark.parametrize("failure", [fail_inside, fail_at_commit, fail_to_begin, fail_in_one_statement, close_inside])
def test_the_turn_passes_on_after_a_failure(impatient: None, failure: Callable[[], None]) -> None:
    with pytest.raises((ZeroDivisionError, Error)):
        in_thread(failure)
    assert is_free()


def test_the_lock_serves_in_the_order_of_asking() -> None:
    lock, order = FairLock(), []
    lock.acquire(1)

    def ask(number: int) -> None:
        lock.acquire(10)
        order.append(number)
        lock.release()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for position, thread in enumerate(threads, start=1):
        thread.start()
        wait_for_queue(lock, position)
    lock.release()
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def test_who_gave_up_is_passed_over() -> None:
    lock = FairLock()
    lock.acquire(1)
    assert in_plain_thread(lambda: lock.acquire(0.01)) is False
    lock.release()
    assert lock.acquire(0.01) is True


def in_plain_thread(work: Callable[[], Any]) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def wait_for_queue(lock: FairLock, length: int) -> None:
    while len(lock._queue) < length:
        time.sleep(0.001)
