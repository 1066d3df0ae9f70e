"""Meters: how many requests, tokens and calls at a time one entity still has. One shared object for each entity.

A sliding window of two buckets of a minute, exact within this process: what is counted is this minute's, and of the
last minute's the part that a window of sixty seconds still covers. Taking one away from a number of what is left
(`room`) is all that a warm decision does; between two takes the estimate only ever falls, so a room that was computed
a while ago is never too large. It is computed anew (`sync`) when a minute begins and when it runs out.
Counters stay when limits change and when callers are evicted.
"""

import math
from collections.abc import Callable, Sequence
from uuid import UUID

WINDOW = 60  # seconds
NO_LIMIT = 1 << 60
IDLE = 2 * WINDOW  # after which a meter without calls in flight has nothing to remember


class Meter:
    """What one entity (for one model, when `model` is set) may still take. All changes under `ledger.purse.guard`."""

    __slots__ = (
        *("kind", "id", "name", "model", "requests", "tokens", "parallel", "rpm", "tpm", "most"),
        *("window", "_requests", "_tokens", "_now", "_before", "_tokens_now", "_tokens_before", "seen"),
        *("beyond_requests", "beyond_tokens"),
    )

    scope = ""  # among several processes: how limits hold for all of them

    def __init__(self, kind: str, id: UUID, name: str, model: str = "") -> None:
        self.kind, self.id, self.name, self.model = kind, id, name, model
        self.rpm: int | None = None
        self.tpm: int | None = None
        self.most: int | None = None
        self.requests = self._requests = NO_LIMIT  # what is left, and what was left at the last sync
        self.tokens = self._tokens = NO_LIMIT
        self.parallel = NO_LIMIT
        self.window = 0
        self._now = self._before = 0  # requests of this minute, and of the last one
        self._tokens_now = self._tokens_before = 0
        self.seen = 0.0
        self.beyond_requests = self.beyond_tokens = 0  # what is left besides, in the hands of other processes

    def limit(self, rpm: int | None, tpm: int | None, most: int | None, now: float) -> None:
        """Put limits in force; None is no limit."""
        before, after = self.most, most
        if before != after:
            self.parallel += (NO_LIMIT if after is None else after) - (NO_LIMIT if before is None else before)
            self.most = after
        self.rpm, self.tpm = rpm, tpm
        self.sync(now)

    def sync(self, now: float) -> None:
        """Count what was taken since the last sync, turn the window, and compute what is left."""
        self._now += self._requests - self.requests
        self._tokens_now += self._tokens - self.tokens
        window = int(now // WINDOW)
        if window > self.window:
            last = window == self.window + 1
            self._before, self._now = (self._now if last else 0), 0
            self._tokens_before, self._tokens_now = (self._tokens_now if last else 0), 0
            self.window = window
        self.seen = now
        covered = 1 - (now % WINDOW) / WINDOW
        self.requests = self._requests = (
            NO_LIMIT if self.rpm is None else self.rpm - self._now - math.ceil(self._before * covered)
        )
        self.tokens = self._tokens = (
            NO_LIMIT if self.tpm is None else self.tpm - self._tokens_now - math.ceil(self._tokens_before * covered)
        )

    def correct(self, tokens: int, window: int) -> None:
        """A call that was admitted in that window used this many tokens more (or, below 0, fewer) than reserved."""
        if tokens > 0 or window == self.window:
            self.tokens -= tokens
        elif window == self.window - 1:
            self._tokens_before = max(0, self._tokens_before + tokens)

    def short_of(self, tokens: int) -> str:
        """What there is too little of for a call with so many tokens, or nothing. After `sync`.

        A call that alone has more tokens than a minute allows is let through when nothing else was used: refusing it
        would refuse it for ever.
        """
        if self.requests < 1:
            return "requests"
        if self.tpm is not None and self.tokens < max(1, min(tokens, self.tpm)):
            return "tokens"
        return "max_parallel_requests" if self.parallel < 1 else ""

    def limit_of(self, what: str) -> tuple[int, int]:
        """The limit of this type, and what is left of it."""
        if what == "requests":
            return self.rpm or 0, self.requests
        if what == "tokens":
            return self.tpm or 0, self.tokens
        return self.most or 0, self.parallel

    def wait(self, what: str, tokens: int, now: float) -> int:
        """In how many seconds there is room again, when nobody else takes it; at least 1."""
        if what == "max_parallel_requests":
            return 1
        if what == "requests":
            limit, used, before, need = self.rpm or 0, self._now + self._requests - self.requests, self._before, 1
        else:
            limit, before = self.tpm or 0, self._tokens_before
            used, need = self._tokens_now + self._tokens - self.tokens, max(1, min(tokens, limit))
        return wait_for(limit, used, before, need, now)

    def is_idle(self, now: float) -> bool:
        """Whether forgetting the meter would forget nothing."""
        return now - self.seen > IDLE and self.parallel == (NO_LIMIT if self.most is None else self.most)


def wait_for(limit: int, used: int, before: int, need: int, now: float) -> int:
    """In how many seconds `need` fits into a limit of which so much was used in this minute and in the one before."""
    into, free = now % WINDOW, limit - need
    if free < 0:
        return WINDOW  # a limit of 0: there never is
    if used <= free and before:
        return max(1, math.ceil((1 - (free - used) / before) * WINDOW - into))
    if not used:
        return 1
    return max(1, math.ceil(WINDOW - into + max(0.0, 1 - free / used) * WINDOW))


# Where limits are shared with other processes, `gateway.sharing` makes the meters.
make: Callable[[str, UUID, str, str], Meter] = Meter
# ... and asks the others for more, for a call with so many tokens at that moment. Never under `ledger.purse.guard`.
ask_others: Callable[[Sequence[Meter], int, float], None] | None = None


Limits = tuple[int | None, int | None, int | None]  # requests and tokens a minute, calls at a time
UNLIMITED: Limits = (None, None, None)
_meters: dict[tuple[UUID, str], Meter] = {}


def meter_of(kind: str, pk: UUID, name: str, limits: Limits, now: float, model: str = "") -> Meter | None:
    """The meter of a row (for a model), with these limits; None when there is no limit. Under `ledger.purse.guard`."""
    if limits == UNLIMITED:
        return None
    meter = _meters.get((pk, model))
    if meter is None:
        meter = _meters.setdefault((pk, model), make(kind, pk, name, model))
    meter.name = name
    meter.limit(*limits, now)
    return meter


def known() -> list[Meter]:
    """All meters of this process. Under `ledger.purse.guard`."""
    return [*_meters.values()]


def forget_idle(now: float) -> None:
    """Drop meters that have nothing to remember. Under `ledger.purse.guard`."""
    for key in [key for key, meter in _meters.items() if meter.is_idle(now)]:
        del _meters[key]


def forget_all() -> None:
    """Start counting anew. Under `ledger.purse.guard`."""
    _meters.clear()
