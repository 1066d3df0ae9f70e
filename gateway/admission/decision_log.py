"""Counting refusals: 401, 403, 422 and 429, by key, level and minute. Counted in memory, written every second.

Counted and not listed one by one, because a client that is refused tries again: a log that grows with that would be a
lever against the server.
"""

import logging
import threading
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import F
from django.utils import timezone

from gateway.admission.caller import Caller
from gateway.admission.refusals import Refusal
from gateway.decisions import RefusalCount
from gateway.ledger.connecting import connected
from keys.models import Key

log = logging.getLogger(__name__)

COUNTED = frozenset({401, 403, 422, 429})
MOST = 20_000  # different ones that may wait to be written
NAMESPACE = UUID("5f8c1a36-2f0d-4a9b-9c39-6f0e8b7d1c42")
SOME = 500


class Of(NamedTuple):
    """Whose calls are refused."""

    key_id: UUID | None = None
    key_label: str = ""
    user_id: UUID | None = None
    organization_id: UUID | None = None
    team_id: UUID | None = None
    project_id: UUID | None = None


class Counted(NamedTuple):
    """What is counted apart. `minute` in minutes since 1970."""

    minute: int
    of: Of
    level: str
    level_id: str
    status: int
    code: str


Waiting = tuple[int, Of, str, str, int, str]  # what Counted names

_lock = threading.Lock()
_counts: Counter[Waiting] = Counter()


def of_caller(caller: Caller) -> Of:
    return Of(
        caller.key_id, caller.label[:300], caller.user_id, caller.organization_id, caller.team_id, caller.project_id
    )


def of_key(key: Key) -> Of:
    return Of(key.pk, key.label[:300], key.user_id, key.organization_id, key.team_id, key.project_id)


NOBODY = Of()


def count(refusal: Refusal, of: Of, now: float) -> None:
    """One more call was refused. `now` in seconds since 1970."""
    if refusal.status not in COUNTED and refusal.status != settings.BUDGET_EXCEEDED_STATUS:
        return
    # a bare tuple, equal to the named one and made in a fifth of the time: whoever knocks with junk pays for this line
    one = (int(now // 60), of, refusal.level, refusal.level_id, refusal.status, refusal.code)
    with _lock:
        if len(_counts) >= MOST and one not in _counts:
            one = Counted(*one)._replace(of=NOBODY, level_id="")  # nothing goes uncounted
        _counts[one] = _counts.get(one, 0) + 1


def flush() -> int:
    """Write what was counted; gives how many different ones. What cannot be written waits for the next time."""
    global _counts
    if not _counts:
        return 0
    with _lock:
        taken, _counts = _counts, Counter()
    try:
        write(taken)
    except BaseException:
        with _lock:
            _counts.update(taken)
        raise
    return len(taken)


def finish() -> None:
    """Write what the last second counted. For the end of the process."""
    try:
        connected(flush)
    except (DatabaseError, InterfaceError) as error:
        log.error("%d counts of refused calls are lost at the end of the process: %s", len(_counts), error)


def write(counts: Counter[Waiting]) -> None:
    """Add the counts to the rows, each in the same order everywhere. One transaction."""
    rows = {row.pk: row for one, number in counts.items() if (row := row_of(Counted(*one), number))}
    with transaction.atomic():
        empty = [row_of(Counted(*one), 0) for one in counts]
        RefusalCount.objects.bulk_create(empty, ignore_conflicts=True, batch_size=SOME)
        for pk in sorted(rows):
            RefusalCount.objects.filter(pk=pk).update(count=F("count") + rows[pk].count)


def row_of(one: Counted, number: int) -> RefusalCount:
    apart = (one.minute, one.of.key_id, one.of.user_id, one.of.team_id, one.of.project_id, one.of.organization_id)
    pk = uuid.uuid5(NAMESPACE, repr((*map(str, apart), one.level, one.level_id, one.status, one.code)))
    return RefusalCount(
        pk=pk,
        minute=datetime.fromtimestamp(one.minute * 60, UTC),
        level=one.level,
        level_id=one.level_id[:64],
        status=one.status,
        code=one.code,
        count=number,
        **one.of._asdict(),
    )


def forget_old() -> int:
    """Delete what is older than the log is kept for."""
    before = timezone.now() - timedelta(days=settings.REFUSALS_KEPT_DAYS)
    return RefusalCount.objects.filter(minute__lt=before).delete()[0]


def forget_all() -> None:
    """Begin counting anew."""
    with _lock:
        _counts.clear()
