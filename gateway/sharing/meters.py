"""A meter whose limits several processes share: it spends what was granted to this process, and asks for more."""

import math
from typing import NamedTuple
from uuid import UUID

from gateway.admission.meters import NO_LIMIT, WINDOW, Meter, wait_for

BATCH = 100  # a batch is at least a hundredth of the limit


class Back(NamedTuple):
    """What this process was granted in a minute and did not use, or (below 0) used beyond that."""

    meter: str
    window: int
    requests: int
    tokens: int


class Want(NamedTuple):
    """What a meter asks for: what is owed, what is needed at least, and a good batch."""

    owed_requests: int
    owed_tokens: int
    requests: int
    batch_of_requests: int
    tokens: int
    batch_of_tokens: int
    parallel: int


class SharedMeter(Meter):
    """A meter that shares its limits. Alone, while there is nobody to share through, it keeps to a part of them.

    What may be taken is `granted - taken`, and never more than this process alone might take: a limit that was lowered
    binds at once. All changes under `ledger.purse.guard`.
    """

    __slots__ = (
        *("_granted", "_granted_tokens", "_held", "_others", "_others_tokens", "_past", "_past_tokens"),
        *("_whole", "alone", "back", "key"),
    )

    def __init__(self, kind: str, id: UUID, name: str, model: str = "") -> None:
        super().__init__(kind, id, name, model)
        self.key = f"{id}:{model}"
        self._whole: tuple[int | None, int | None, int | None] = (None, None, None)
        self.alone = 1  # the number of processes that each take their part; 0 while limits are shared
        self._granted = self._granted_tokens = 0  # in this minute
        self._held = 0  # parallel calls
        self._others = self._past = self._others_tokens = self._past_tokens = 0  # of all processes, when last asked
        self.back: list[Back] = []

    def limit(self, rpm: int | None, tpm: int | None, most: int | None, now: float) -> None:
        """Put limits in force: these, or this process's part of them."""
        self._whole = (rpm, tpm, most)
        flying = self.base - self.parallel
        self.rpm, self.tpm, self.most = (part(limit, self.alone) for limit in self._whole)
        self.parallel = self.base - flying
        self.sync(now)

    @property
    def base(self) -> int:
        """How many calls this process may have in flight."""
        if self.most is None:
            return NO_LIMIT
        return self.most if self.alone else min(self._held, self.most)

    def share(self, alone: int, now: float, held: int = 0) -> None:
        """Share from now on (0), with so many parallel calls held, or take a part as one of so many processes."""
        if alone == self.alone:
            return
        flying = self.base - self.parallel
        self.alone, self._held = alone, held
        self.beyond_requests = self.beyond_tokens = 0
        self.rpm, self.tpm, self.most = (part(limit, alone) for limit in self._whole)
        self.parallel = self.base - flying
        self.sync(now)

    def sync(self, now: float) -> None:
        """As alone; then within what was granted. What was not used goes back when its minute is over."""
        window = self.window
        super().sync(now)
        if self.window != window:
            if self.window == window + 1 and not self.alone:
                unused, tokens = self._granted - self._before, self._granted_tokens - self._tokens_before
                if self.rpm is not None and unused or self.tpm is not None and tokens:
                    self.back.append(Back(self.key, window, unused, tokens))
            self._granted = self._granted_tokens = self.beyond_requests = self.beyond_tokens = 0
        if self.alone:
            return
        if self.rpm is not None:
            self.requests = self._requests = min(self.requests, self._granted - self._now)
        if self.tpm is not None:
            self.tokens = self._tokens = min(self.tokens, self._granted_tokens - self._tokens_now)

    def correct(self, tokens: int, window: int) -> None:
        super().correct(tokens, window)
        if tokens < 0 and window == self.window - 1 and not self.alone and self.tpm is not None:
            self.back.append(Back(self.key, window, 0, -tokens))

    def want(self, tokens: int) -> Want | None:
        """What to ask for so that a call with so many tokens fits, or None when it does. After `sync`."""
        needed = max(1, min(tokens, self.tpm)) if self.tpm is not None else 0
        requests = 1 if self.rpm is not None and self.requests < 1 else 0
        more = max(0, needed - max(self.tokens, 0)) if self.tpm is not None else 0
        slots = max(0, 1 - self.parallel) if self.most is not None else 0
        if not requests and not more and not slots:
            return None
        return Want(
            *(max(0, self._now - self._granted), max(0, self._tokens_now - self._granted_tokens)),
            *(
                requests,
                batch(self.rpm),
                more,
                max(more, batch(self.tpm)),
                max(slots, batch(self.most)) if slots else 0,
            ),
        )

    def grant(self, asked: Want, window: int, answer: list[int]) -> None:
        """Take what was granted for that minute; what comes too late goes back."""
        requests, left_requests, tokens, left_tokens, slots, _left, *used = answer
        if window != self.window:
            self.back.append(Back(self.key, window, requests, tokens))
        else:
            self._granted += requests + asked.owed_requests
            self._granted_tokens += tokens + asked.owed_tokens
            self.beyond_requests, self.beyond_tokens = left_requests, left_tokens
            self._others, self._past, self._others_tokens, self._past_tokens = used
        before = self.base
        self._held += slots
        self.parallel += self.base - before

    def settled(self, now: float) -> list[Back]:
        """What goes back, or (below 0) was taken beyond what was granted, since this was last asked. After `sync`."""
        if not self.alone and self.window == int(now // WINDOW):
            requests = min(0, self._granted - self._now) if self.rpm is not None else 0
            tokens = min(0, self._granted_tokens - self._tokens_now) if self.tpm is not None else 0
            if requests or tokens:
                self.back.append(Back(self.key, self.window, requests, tokens))
                self._granted -= requests
                self._granted_tokens -= tokens
        back, self.back = self.back, []
        return back

    def give_back_slots(self) -> int:
        """Let go of the parallel calls that nobody makes; gives how many."""
        if self.alone or self.most is None or self.parallel < 1:
            return 0
        free = min(self.parallel, self._held)
        before = self.base
        self._held -= free
        self.parallel += self.base - before
        return free

    @property
    def scope(self) -> str:  # type: ignore[override]
        """`shared` through Redis, or `divided`: this process has its part."""
        return "divided" if self.alone > 1 else "" if self.alone else "shared"

    @property
    def flying(self) -> int:
        """Calls of this process that are in flight."""
        return self.base - self.parallel

    def limit_of(self, what: str) -> tuple[int, int]:
        limit, left = super().limit_of(what)
        more = {"requests": self.beyond_requests, "tokens": self.beyond_tokens}
        return limit, left if self.alone else max(left, 0) + more.get(what, 0)

    def wait(self, what: str, tokens: int, now: float) -> int:
        if self.alone or what == "max_parallel_requests":
            return super().wait(what, tokens, now)
        if what == "requests":
            return wait_for(self.rpm or 0, self._others, self._past, 1, now)
        need = max(1, min(tokens, self.tpm or 0))
        return wait_for(self.tpm or 0, self._others_tokens, self._past_tokens, need, now)

    def is_idle(self, now: float) -> bool:
        return now - self.seen > 2 * WINDOW and self.parallel == self.base and not self._held and not self.back


def part(limit: int | None, processes: int) -> int | None:
    """One process's part of a limit; at least 1 of what is not 0. Of 0 processes, the whole."""
    if not limit or processes <= 1:
        return limit
    return max(1, limit // processes)


def batch(limit: int | None) -> int:
    """How much to take at once."""
    return math.ceil((limit or 0) / BATCH)
