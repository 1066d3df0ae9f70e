"""Hearing of changes that other processes made, within milliseconds, and what else nobody waits for.

One daemon thread for each worker, started from `wsgi.py` (a command has no callers to forget). On PostgreSQL every
recorded change notifies (`rbacadmin.audit`); the thread has a connection of its own for that, because a pooler may not
carry notifications. What it then reads are the `Change` rows themselves, so a notification that was lost costs a second
and nothing else. On SQLite, which notifies nobody, it asks whether anybody has committed, twenty times a second.

Sequence numbers are given before transactions commit, so a lower one may appear after a higher one. On PostgreSQL the
thread therefore re-reads what stands above its `floor`, and raises that only to where every transaction that was open
when it looked has ended.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from gateway.admission import changing, decision_log, evict, meters
from gateway.admission.settling import expire
from gateway.ledger.connecting import LOST, connected
from gateway.ledger.purse import guard
from rbacadmin.audit import CHANNEL
from rbacadmin.models import Change

log = logging.getLogger(__name__)

POLL = 1.0  # seconds: the longest that a change goes unheard
SQLITE_POLL = 0.05
TIDY = 60.0  # seconds between two looks for meters that have nothing to remember
MOST = 5000  # changes read at once
MARGIN = 1000  # changes below the last one that transactions may bring to light that were open at the start

Row = tuple[int, str, str]


class Reader:
    """Which changes have been heard."""

    def __init__(self) -> None:
        self.floor = 0  # everything up to here is heard, and nothing more will appear there
        self.heard: set[int] = set()  # of those above
        self.mark: tuple[int, int] | None = None  # a sequence number, and the transaction after those then open

    def begin(self) -> None:
        """Hear from now on. What is in memory may be older than this moment, so all of it is forgotten."""
        self.floor, self.heard, self.mark = self.lowest(), set(), None
        evict.evict_all()

    def lowest(self) -> int:
        """Where to begin: below what open transactions may still bring to light."""
        last = Change.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        return max(0, last - MARGIN) if connection.vendor == "postgresql" else last

    def catch_up(self) -> int:
        """Hear what was not heard yet; gives how many changes that were."""
        horizon = self.horizon()
        rows: list[Row] = list(
            Change.objects.filter(seq__gt=self.floor).order_by("seq").values_list("seq", "kind", "object_id")[:MOST]
        )
        fresh = [row for row in rows if row[0] not in self.heard]
        if fresh:
            changing.heard((kind, object_id) for _, kind, object_id in fresh)
        self.heard.update(row[0] for row in fresh)
        self.rise(horizon, complete=len(rows) < MOST)
        return len(fresh)

    def horizon(self) -> tuple[int, int] | None:
        """The oldest transaction that is open, and the next one to begin; None where writers take turns."""
        if connection.vendor != "postgresql":
            return None
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_snapshot_xmin(seen)::text::bigint, pg_snapshot_xmax(seen)::text::bigint "
                "FROM pg_current_snapshot() AS seen"
            )
            oldest, upcoming = cursor.fetchone()
        return oldest, upcoming

    def rise(self, horizon: tuple[int, int] | None, *, complete: bool) -> None:
        """Raise the floor as far as nothing can appear beneath it any more."""
        if horizon is None or not complete:
            # writers take turns; or so far behind that the rest of it must come first
            self.floor = max(self.heard, default=self.floor)
        elif self.mark is not None and horizon[0] >= self.mark[1]:
            self.floor, self.mark = self.mark[0], None
        elif self.mark is None and self.heard:
            self.mark = (max(self.heard), horizon[1])
        self.heard = {seq for seq in self.heard if seq > self.floor}


class Listener(threading.Thread):
    """The thread. `stop` ends it within a second."""

    def __init__(self) -> None:
        super().__init__(name="admission-listener", daemon=True)
        self.reader = Reader()
        self.ready = threading.Event()
        self.stopping = threading.Event()
        self.wrote = self.tidied = time.monotonic()

    def run(self) -> None:
        """Listen until stopped. A database that went away is tried again every second."""
        vendor = connection.vendor
        while not self.stopping.is_set():
            try:
                for _ in self.signals_of_postgresql() if vendor == "postgresql" else self.signals_of_sqlite():
                    connected(self.reader.catch_up)
                    self.ready.set()
                    if self.stopping.is_set():
                        return
            except Exception as error:  # whatever it is, the thread must go on: without it decisions grow old
                away = isinstance(error, (*LOST, psycopg.OperationalError))
                log.warning("cannot hear of other processes' changes, trying again", exc_info=not away)
                self.tidy()
                self.stopping.wait(POLL)

    def stop(self) -> None:
        self.stopping.set()
        self.join(2 * POLL + 1)

    def tidy(self) -> None:
        """Give back what nobody settled, write what was refused, forget meters that have nothing to remember.

        At most once in a second, however often there is something to hear: on SQLite what is written here is heard as
        another commit, and while anybody is refused each round would call for the next.
        """
        if time.monotonic() - self.wrote < POLL:
            return
        self.wrote, now = time.monotonic(), time.time()
        expire(now)
        connected(decision_log.flush)
        if time.monotonic() - self.tidied > TIDY:
            self.tidied = time.monotonic()
            with guard:
                meters.forget_idle(now)

    def signals_of_postgresql(self) -> Iterator[None]:
        """Yield at once when something was committed, and every second."""
        with connect() as own:
            own.execute(f"LISTEN {CHANNEL}")
            connected(self.begin)
            while True:
                yield
                for _ in own.notifies(timeout=POLL, stop_after=1):
                    pass  # several at once are one
                self.tidy()

    def signals_of_sqlite(self) -> Iterator[None]:
        """Yield when anybody has committed, and every second."""
        with closing(sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)) as own:
            connected(self.begin)
            before, spoke = None, 0.0
            while True:
                version = own.execute("PRAGMA data_version").fetchone()
                if version != before or time.monotonic() - spoke > POLL:
                    before, spoke = version, time.monotonic()
                    yield
                    self.tidy()
                if self.stopping.wait(SQLITE_POLL):
                    return

    def begin(self) -> None:
        """At the first time only: later the floor says what was missed."""
        if not self.ready.is_set():
            self.reader.begin()


def connect() -> psycopg.Connection[Any]:
    """A connection for notifications: to what is configured, else to the database itself."""
    if settings.LISTEN_URL:
        return psycopg.connect(settings.LISTEN_URL, autocommit=True)
    params = connection.get_connection_params()
    for name in ("cursor_factory", "context", "prepare_threshold"):
        params.pop(name, None)
    return psycopg.connect(**params, autocommit=True)


_listener: Listener | None = None


def start() -> Listener | None:
    """Start listening, once for each process. A database in memory has no other processes."""
    global _listener
    in_memory = connection.vendor == "sqlite" and connection.is_in_memory_db()  # type: ignore[attr-defined]
    if _listener is None and not in_memory:
        _listener = Listener()
        _listener.start()
    return _listener
