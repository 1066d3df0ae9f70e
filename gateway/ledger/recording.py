"""The buffer between calls that end and the database: what was used is noted at once and written in batches.

One thread per process writes every 250 ms, or sooner when 1,000 calls wait. A batch that fails stays and is tried
again, and is never counted twice; meanwhile new calls wait behind it, up to a bound. What is noted and not yet written
is lost when the process is killed: at most what a quarter of a second brings.
"""

import logging
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import Q
from django.utils import timezone

from gateway.ledger import keeping, naming, writing
from gateway.ledger.connecting import LOST, connected
from gateway.ledger.purse import Purse
from gateway.ledger.usage import Event
from keys.models import Key
from rbacadmin import stopping
from rbacadmin.slices import slices

log = logging.getLogger(__name__)

EVERY = 0.25  # seconds
BATCH = 1_000  # calls that do not wait for the next round
LARGEST = 5_000  # calls in one transaction
MOST = 100_000  # calls that may wait; a process that cannot write should admit no more
# What a database says, or a driver on the way there, of a value that no column holds: trying again does not help.
NEVER = (DatabaseError, ArithmeticError, ValueError, TypeError)
PATIENCE = 5.0  # seconds between attempts while the database is away
TELL_EVERY = 1.0  # seconds between two lines about calls that are lost
TOUCH_EVERY = 60.0  # seconds between two notes that a key was used


class Recorder:
    """What this process has noted and not written yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._awake = threading.Event()
        self._waiting: list[Event] = []
        self._batch: tuple[UUID, list[Event]] | None = None  # failed, to be tried again as it is
        self._touched: dict[UUID, float] = {}
        self._untold: set[UUID] = set()
        self._lost, self._lost_told = 0, 0.0
        self._stopping = False
        self._thread: threading.Thread | None = None
        self.each_round: list[Callable[[], None]] = []  # what else the thread writes: counts of refusals, and the like
        self.on_written: list[Callable[[Sequence[Event]], None]] = []  # told of calls that are in the database now

    @property
    def waiting(self) -> int:
        """How many calls are noted and not written."""
        return len(self._waiting) + (len(self._batch[1]) if self._batch else 0)

    @property
    def full(self) -> bool:
        """Whether so many calls wait that no more should be admitted: the database has been away for too long."""
        return self.waiting >= MOST

    def record(self, event: Event, reserved: Iterable[tuple[Purse, int]] = ()) -> bool:
        """Note a call that is over, and settle what it reserved: purses, and nano-dollars of each.

        The purses must be those of `event.purses`. False: the buffer is full and the call is lost; the log says how
        many were, once a second.
        """
        for purse, amount in reserved:
            purse.settle(amount, event.cost)
        if self.full:
            with self._lock:
                self._lost += 1
            self._tell_lost(event.request_id)
            for purse in event.purses:
                purse.cancelled(event.cost)
            return False
        with self._lock:
            self._waiting.append(event)
        if len(self._waiting) >= BATCH:
            self._awake.set()
        return True

    def _tell_lost(self, request_id: str = "") -> None:
        """Say how many calls were lost since this was last said, at most once a second."""
        with self._lock:
            now = time.monotonic()
            if not self._lost or now - self._lost_told < TELL_EVERY:
                return
            lost, self._lost, self._lost_told = self._lost, 0, now
        last = f"; the last is request {request_id}" if request_id else ""
        log.error("usage lost: %d calls wait for the database, %d more are not noted%s", MOST, lost, last)

    def touch(self, key_id: UUID, now: float) -> None:
        """Note that a key was used; written at most once a minute. Cheap enough for every call."""
        if now - self._touched.get(key_id, 0.0) >= TOUCH_EVERY:
            self._touched[key_id] = now
            self._untold.add(key_id)

    def flush(self) -> int:
        """Write all that is noted, now, in this thread. Returns how many calls that were.

        Raises DatabaseError or InterfaceError when the database does not take it; nothing is lost then.
        """
        done = 0
        with self._writing:
            while True:
                batch = self._next()
                loose = {} if self._batch else keeping.loosened()
                if not batch and not loose:
                    break
                done += self._write(batch, loose)
            self._tell()
        return done

    def _next(self) -> list[Event]:
        if self._batch:
            return self._batch[1]
        with self._lock:
            taken, self._waiting = self._waiting[:LARGEST], self._waiting[LARGEST:]
        return taken

    def _write(self, events: list[Event], loose: dict[Purse, int]) -> int:
        batch = self._batch[0] if self._batch else uuid.uuid4()
        self._batch = (batch, events) if events else None
        try:
            amounts = {purse.object_id: amount for purse, amount in loose.items()}
            found = written(events, batch, amounts)
        finally:
            # Whether a lost connection took it or not: who does not spend it can do no harm, and the row of a purse
            # that holds nothing goes when the leases are renewed.
            for purse, amount in loose.items():
                purse.returned(amount)
        self._batch = None
        for event in found.fresh:
            for purse in event.purses:
                purse.written(event.cost)
        for event in found.known:
            for purse in event.purses:
                purse.cancelled(event.cost)
        for tell in self.on_written:
            tell(found.fresh)
        return len(found.fresh)

    def _tell(self) -> None:
        """Write which keys were used. Rows that somebody holds are left for the next minute."""
        told, self._untold = self._untold, set()
        if told:
            connected(lambda: mark_used(sorted(told), timezone.now()))
        if len(self._touched) > MOST:
            self._touched.clear()

    def start(self) -> None:
        """Start this process's thread, unless it runs. It ends with the process, which writes the rest first."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._stopping = False
                self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
                self._thread.start()
                stopping.at_end(self.stop)

    def stop(self) -> None:
        """End the thread, write what is left and return every lease. For the end of the process."""
        self._stopping = True
        self._awake.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(10)
        self._thread = None
        self._lost_told = 0.0
        try:
            self._round(time.time())
            keeping.leave()
        except (DatabaseError, InterfaceError) as error:
            log.error("%d calls are lost at the end of the process: %s", self.waiting, error)

    def _run(self) -> None:
        while not self._stopping:
            self._awake.wait(EVERY)
            self._awake.clear()
            try:
                self._round(time.time())
            except (DatabaseError, InterfaceError) as error:
                log.warning("the database does not take usage, %d calls wait: %s", self.waiting, error)
                self._awake.wait(PATIENCE)
            except Exception:
                log.exception("the ledger's thread goes on after an error")
                self._awake.wait(PATIENCE)

    def _round(self, now: float) -> None:
        self._tell_lost()
        keeping.keep(now)
        self.flush()
        for work in self.each_round:
            work()


def written(events: list[Event], batch: UUID, loose: dict[UUID, int]) -> writing.Written:
    """Write a batch. When it holds a call that the database will never take, that call is left out, and logged.

    A request id that another process wrote in this moment is found to be there the second time.
    """
    for _ in range(2):
        try:
            return connected(lambda: writing.write(events, batch, loose))
        except LOST:
            raise
        except NEVER as error:
            refused = error
    if len(events) <= 1:
        for event in events:
            log.error("usage lost: the database does not take request %s: %s", event.request_id, refused)
        return writing.Written(known=events)
    found = writing.Written()
    for event in events:
        one = written([event], uuid.uuid4(), {})
        found.fresh += one.fresh
        found.known += one.known
    return found


def mark_used(ids: Sequence[UUID], now: datetime) -> None:
    """Set when these keys were last used; not a managed change, so neither locked for long nor recorded."""
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - timedelta(seconds=TOUCH_EVERY))
    with transaction.atomic():
        for some in slices(ids):
            rows = Key.objects.filter(stale, pk__in=some).order_by("pk")
            free = list(rows.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))
            Key.objects.filter(pk__in=free).update(last_used_at=now)


recorder = Recorder()


def begin_again() -> None:
    """Forget what is noted and leased. A forked child has nothing to write: its parent does that."""
    others, told = recorder.each_round, recorder.on_written
    recorder.__init__()  # type: ignore[misc]
    recorder.each_round, recorder.on_written = others, told
    keeping.purses.clear()
    writing.known_labels.clear()
    naming.forget()


os.register_at_fork(after_in_child=begin_again)
