"""The money that one budget has left for calls of this process."""

from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from gateway.counting import LOCK
from gateway.effective import budget_of
from gateway.spent import resets_at, spent


class Shortage(NamedTuple):
    """Why a purse has too little. Nano-dollars; `resets_at` in seconds since 1970."""

    spent: int
    reserved: int
    limit: int
    resets_at: float | None


class Purse:
    """What one entity's budget still has, in nano-dollars; `have` changes under `counting.LOCK` only."""

    __slots__ = ("have", "id", "limit", "reserved", "row", "spent")

    def __init__(self, row: Any, limit: int) -> None:
        self.id: UUID = row.pk
        self.row, self.limit = row, limit
        self.have = self.spent = self.reserved = 0

    def refill(self, need: int, now: float) -> bool:
        """Whether there is as much as a call needs, after a look at what was spent."""
        moment = datetime.fromtimestamp(now, UTC)
        used = spent([self.row], moment).get(self.id, 0)
        with LOCK:
            had = self.limit - self.spent - self.have  # in flight, or settled
            self.limit, self.spent = budget_of(self.row, moment), used
            self.have = self.limit - used - had
            self.reserved = had
        return self.have >= need

    def give_back(self, amount: int) -> None:
        """Put back what a call reserved and did not use; below 0, take what it used more."""
        with LOCK:
            self.have += amount

    def shortage(self, now: float) -> Shortage:
        """What there is, for the words of a refusal."""
        reset = resets_at(self.row, datetime.fromtimestamp(now, UTC))
        return Shortage(self.spent, self.reserved, self.limit, reset.timestamp() if reset else None)


_purses: dict[UUID, Purse] = {}


def purse_of(row: Any) -> Purse:
    """The purse of a row with a budget."""
    purse = _purses.get(row.pk)
    if purse is None:
        purse = _purses.setdefault(row.pk, Purse(row, 0))
    purse.row = row
    return purse


def forget_all() -> None:
    """Look at everything anew."""
    _purses.clear()
