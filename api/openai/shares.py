"""How many of this process's calls one key, and one organization, may have: nobody keeps the others out."""

import threading
from collections import Counter
from collections.abc import Hashable, Iterator

from django.conf import settings

from gateway import admission
from gateway.admission.decide import logged
from gateway.admission.offers import name_of
from gateway.admission.refusals import over_rate

WAIT = 1  # seconds: a call that runs may end at any time


class Shares:
    """The calls that run, by whose they are. `most` is how many run at once in all."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.running: Counter[Hashable] = Counter()
        self._lock = threading.Lock()

    def take(self, caller: admission.Caller, now: float) -> None:
        """Count one more call of theirs. Raises Refused (429), which is on record, when they have their share."""
        with self._lock:
            for owner, kind, percent in owners(caller):
                limit = max(self.most * percent // 100, 1)
                if self.running[owner] >= limit:
                    refusal = over_rate(
                        kind,
                        next((name_of(level) for level in caller.levels if level.kind == kind), caller.label),
                        str(owner),
                        limit_type="max_parallel_requests",
                        limit=limit,
                        remaining=0,
                        wait=WAIT,
                    )
                    raise logged(refusal, caller, now)
            self.running.update(owner for owner, _kind, _percent in owners(caller))

    def give(self, caller: admission.Caller) -> None:
        """A call of theirs runs no more."""
        with self._lock:
            for owner, _kind, _percent in owners(caller):
                self.running[owner] -= 1
                if self.running[owner] <= 0:
                    del self.running[owner]


def owners(caller: admission.Caller) -> Iterator[tuple[Hashable, str, int]]:
    """Who shares: the key (of a token: who it stands for), and the organization. The master key has no share."""
    if caller.kind == "master":
        return
    yield caller.holder, "key", settings.SHARE_OF_A_KEY
    if caller.organization_id is not None:
        yield caller.organization_id, "organization", settings.SHARE_OF_AN_ORGANIZATION
