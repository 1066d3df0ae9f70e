"""The money that this process may admit calls with, entity by entity.

The hot path takes from `have` and asks nobody. When that runs out, `refill` leases more from the database. What a call
reserved and did not spend returns to `have` when it settles; what nobody needs here goes back, so that no money lies
idle in a process while another one refuses calls.
"""

import os
import threading
from typing import NamedTuple
from uuid import UUID

from gateway.ledger import leases
from gateway.ledger.connecting import connected
from gateway.ledger.terms import Terms

# Held for the few lines that change `have`, never while anybody waits for the database. The hot path holds it while it
# looks at all purses of a call and takes from them.
guard = threading.Lock()
os.register_at_fork(before=guard.acquire, after_in_parent=guard.release, after_in_child=guard.release)

SHARE = 20  # a process leases a twentieth of its part of what is left ...
CALLS = 32  # ... or enough for so many calls like the one at hand, while its part still has that much
AHEAD = 2.0  # ... but never more than it spent in so many seconds
ASK_AGAIN = 1.0  # seconds for which a budget that is spent is not asked about again
RETRY = 1  # seconds after which money that calls in flight have reserved may be back
SOON = 0.1


class Refusal(NamedTuple):
    """Why a budget refuses. Nano-dollars.

    `exceeded`: all of it is spent. `insufficient`: what is left does not cover what the call may cost. `reserved`:
    calls in flight hold what is left, and may return it.
    """

    reason: str
    spent: int
    limit: int
    need: int
    retry_after: int | None  # seconds; None when waiting does not help, or the period's end is not known
    resets_at: float | None  # seconds since 1970


class Purse:
    """What this process was lent of one budget."""

    __slots__ = (
        *("object_id", "kind", "terms", "have", "leased", "loose", "unwritten", "spent", "over_soft", "refusal"),
        *("_refilling", "_asked", "_at", "_peak", "_until", "_seen", "__weakref__"),
    )

    def __init__(self, object_id: UUID, kind: str, terms: Terms) -> None:
        self.object_id = object_id
        self.kind = kind
        self.terms = terms
        self.have = 0  # free: leased, neither reserved by a call nor spent
        self.leased = 0  # all that this process holds of the budget
        self.loose = 0  # the part of it that is on its way back
        self.unwritten = 0  # the part of it that is spent and not written yet
        self.spent = 0  # in the period, as far as this process knows
        self.over_soft = False  # whether the soft budget was reached when the database was last asked
        self.refusal: Refusal | None = None  # of the last refill
        self._refilling = threading.Lock()
        self._asked = 0  # what was asked for when the budget refused
        self._until = 0.0  # until when that answer holds
        self._at = 0.0  # of the last refill
        self._peak = 0  # `have` after the last refill
        self._seen = (0.0, 0)  # when `have` was last looked at by the ledger's thread, and what it was

    def __repr__(self) -> str:
        return f"<Purse {self.kind} {self.object_id} have={self.have} leased={self.leased}>"

    def take(self, cost: int, now: float) -> bool:
        """Reserve `cost` nano-dollars, leasing more when needed. False: refused, and `refusal` says why."""
        while True:
            with guard:
                if self.have >= cost and self.have > 0:
                    self.have -= cost
                    return True
            if not self.refill(cost, now):
                return False

    def refill(self, need: int, now: float) -> bool:
        """Lease more, so that `have` covers `need` and is above 0. False: refused, and `refusal` says why.

        Never called with `guard` held: it asks the database, unless it was refused the same a moment ago. Who has no
        limit needs no purse.
        """
        need = max(need, 1)
        with self._refilling:
            if self.have >= need:
                return True  # somebody else was faster
            if now < self._until and need >= self._asked:
                return False
            with guard:
                free = max(self.have, 0)
                in_use = self.leased - free
                short = need - self.have
            used = self._peak - self.have
            pace = used / max(now - self._at, 0.001) if self._at else 0.0

            def wanted(left: int, processes: int) -> int:
                share = left // processes
                chunk = min(max(share // SHARE, min(need * CALLS, share)), int(pace * AHEAD))
                return max(chunk, short) if left >= short else 0

            purses[self.object_id] = self
            found = connected(lambda: leases.take(self.object_id, self.kind, self.terms, now, in_use, wanted))
            with guard:
                if found.unheld:  # nothing was leased, or another process has taken the lease back meanwhile
                    self.have -= free
                    self.leased = in_use
                self.have += found.granted
                self.leased += found.granted
                enough = self.have >= need
                self._peak, self._at = self.have, now
            self.spent = found.spent + self.unwritten
            self.over_soft = self.terms.soft is not None and self.spent >= self.terms.soft
            if found.limit is None or not enough:
                self._refuse(found, need, now)
                return False
            self.refusal, self._until = None, 0.0
            return True

    def _refuse(self, found: leases.Standing, need: int, now: float) -> None:
        limit = found.limit or 0
        in_flight = found.others + max(self.leased - self.unwritten - max(self.have, 0), 0)
        wait = None if found.resets_at is None else max(int(found.resets_at - now) + 1, 1)
        if self.spent >= limit:
            reason = "exceeded"
        elif in_flight and self.spent + need <= limit:
            reason, wait = "reserved", RETRY
        else:
            reason = "insufficient"
        self.refusal = Refusal(reason, self.spent, limit, need, wait, found.resets_at)
        self._asked = need
        self._until = min(now + (SOON if reason == "reserved" else ASK_AGAIN), found.resets_at or now + ASK_AGAIN)

    def settle(self, reserved: int, cost: int) -> None:
        """A call that reserved `reserved` has cost `cost`: the rest is free again. The cost waits to be written."""
        with guard:
            self.have += reserved - cost
            self.unwritten += cost
            self.spent += cost
        if reserved > cost:
            self._until = 0.0

    def release(self, reserved: int) -> None:
        """A call that reserved this much cost nothing."""
        self.settle(reserved, 0)

    def update(self, terms: Terms) -> None:
        """The budget was changed: from now on these terms hold. What was leased beyond a lower limit is not used."""
        lower = terms.limit is not None and (self.terms.limit is None or terms.limit < self.terms.limit)
        self.terms = terms
        self._until = 0.0
        if lower or terms.limit is None:
            self.drop()

    def forget(self) -> None:
        """Something about what was spent has changed (a reset, a correction): ask the database the next time."""
        self._until = 0.0

    def drop(self) -> None:
        """Use nothing more of the lease without asking again; the ledger's thread returns it."""
        with guard:
            free = max(self.have, 0)
            self.have -= free
            self.loose += free

    def rest(self) -> None:
        """Need no looking after any more, unless somebody is filling it right now."""
        if self._refilling.acquire(blocking=False):
            if not self.leased and not self.loose:
                purses.pop(self.object_id, None)
            self._refilling.release()

    def lost(self) -> None:
        """What is free here may have been lent to others meanwhile: it is gone."""
        with guard:
            free = max(self.have, 0)
            self.have -= free
            self.leased -= free + self.loose
            self.loose = 0

    def give_back(self, amount: int) -> None:
        """Return free money at once: nano-dollars, at most what is free. Asks the database."""
        with self._refilling:
            with guard:
                amount = min(amount, max(self.have, 0))
                self.have -= amount
                self.loose += amount
            if amount:
                connected(lambda: leases.give_back({self.object_id: amount}))
                self.returned(amount)

    def idle(self, now: float) -> bool:
        """Whether nobody has touched what is free since the last looks at it, for as long as a lease looks ahead."""
        since, have = self._seen
        if self.have != have or not since:
            self._seen = (now, self.have)
            return False
        return now - since >= AHEAD

    def written(self, cost: int) -> None:
        """The database knows of this much that was spent, and has taken it off the lease."""
        with guard:
            self.leased -= cost
            self.unwritten -= cost

    def cancelled(self, cost: int) -> None:
        """This much was settled for a call that had been counted before: it is free again."""
        with guard:
            self.have += cost
            self.unwritten -= cost
            self.spent -= cost

    def returned(self, amount: int) -> None:
        """The database has taken this much that was loose off the lease."""
        with guard:
            self.leased -= amount
            self.loose -= amount


# Purses that hold a lease, for the ledger's thread: it renews, writes down what was spent, and returns what lies idle.
purses: dict[UUID, Purse] = {}
