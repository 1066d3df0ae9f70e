"""Where the record of changes stands, and what is new on it: one look for everybody of this process who watches."""

import threading
import time
from collections import deque

from django.db import connection
from django.db.models import Max

from gateway.admission.listening import MOST, Reader
from manifests.kinds import KINDS
from manifests.models import Manifest
from rbacadmin.models import Change

PAUSE = 0.4  # seconds between two looks, however many watch
KEPT = 50_000  # changes that are remembered for who comes late
BEHIND = 10_000  # changes that a watch may have missed when it begins: beyond, a list is the shorter answer
WATCHED = frozenset({Manifest._meta.model_name, *(kind.model._meta.model_name for kind in KINDS.values())})

Heard = tuple[int, str, str]  # its number on the record, the id of the row, what was done


def position() -> int:
    """The number of the last change before which nothing more can appear; versions of lists."""
    changes = Change.objects.all()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            changes = changes.filter(xid__lt=cursor.fetchone()[0])
    return int(changes.aggregate(last=Max("seq"))["last"] or 1)


def since(version: int) -> dict[str, str]:
    """What was done first to every row that changed after this number of the record, by the row's id.

    Raises LookupError when some of that is not on record any more, or when it is more than `BEHIND`.
    """
    first = Change.objects.order_by("seq").values_list("seq", flat=True).first() or 1
    if 1 < version < first - 1:  # 1 is that of an empty record
        raise LookupError("no more on record")
    later = Change.objects.filter(seq__gt=version, kind__in=WATCHED).order_by("seq")
    rows = list(later.values_list("object_id", "op")[: BEHIND + 1])
    if len(rows) > BEHIND:
        raise LookupError("too far behind")
    return dict(reversed(rows))


class Feed(Reader):
    """The changes that committed since somebody began to watch, each once, in the order in which they were seen."""

    def __init__(self) -> None:
        super().__init__()
        self.lock = threading.Lock()
        self.watchers = 0
        self.looked = 0.0
        self.count = 0
        self.log: deque[Heard] = deque(maxlen=KEPT)

    def join(self) -> int:
        """Begin to watch; from which count on there is something to hear."""
        with self.lock:
            if self.watchers == 0:
                self.begin()
            self.watchers += 1
            return self.count

    def leave(self) -> None:
        with self.lock:
            self.watchers -= 1

    def begin(self) -> None:
        """From now on. What is visible above the floor is known already."""
        self.floor, self.mark = self.lowest(), None
        self.heard = set(Change.objects.filter(seq__gt=self.floor).values_list("seq", flat=True))
        self.looked = 0.0

    def after(self, count: int) -> tuple[int, list[Heard]]:
        """What was heard after the count that one had; looks at the record when the last look is long enough ago.

        Raises LookupError when so much has happened that some of it is forgotten.
        """
        with self.lock:
            if time.monotonic() - self.looked >= PAUSE:
                self.looked = time.monotonic()
                self.catch_up()
            new = self.count - count
            if new > len(self.log):
                raise LookupError("too far behind")
            return self.count, [self.log[index] for index in range(len(self.log) - new, len(self.log))]

    def catch_up(self) -> int:
        """Read what is new."""
        horizon = self.horizon()
        above = Change.objects.filter(seq__gt=self.floor).order_by("seq")
        rows = list(above.values_list("seq", "object_id", "op", "kind")[:MOST])
        fresh = [row for row in rows if row[0] not in self.heard]
        told = [row[:3] for row in fresh if row[3] in WATCHED]  # ids of other rows are no UUIDs
        self.log.extend(told)
        self.count += len(told)
        self.heard.update(row[0] for row in fresh)
        self.rise(horizon, complete=len(rows) < MOST)
        return len(fresh)


feed = Feed()
