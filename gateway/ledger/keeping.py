"""Looking after this process's leases: they are renewed while it lives, and what lies idle goes back."""

from gateway.ledger import leases
from gateway.ledger.connecting import connected
from gateway.ledger.purse import Purse, purses
from gateway.ledger.terms import moment

RENEW_EVERY = 5.0  # seconds; six chances before a lease ends
SWEEP_EVERY = 10.0  # seconds between two looks at what dead processes held


class Keeper:
    """When this process last did what it does now and then. Seconds since 1970."""

    renewed = 0.0
    swept = 0.0


def keep(now: float) -> None:
    """Loosen what nobody needs, and now and then renew this process's leases and sweep up after dead ones.

    Raises DatabaseError or InterfaceError. While the database is away, what is free is not used beyond the end of the
    leases: others may have been lent it by then.
    """
    for purse in list(purses.values()):
        if purse.have > 0 and purse.idle(now):
            purse.drop()
    if purses and now - Keeper.renewed >= RENEW_EVERY:
        if Keeper.renewed and now - Keeper.renewed >= leases.LASTS.total_seconds() * 0.8:
            for purse in list(purses.values()):
                purse.lost()
        renew(now)
        Keeper.renewed = now
    if now - Keeper.swept >= SWEEP_EVERY:
        Keeper.swept = now
        connected(lambda: leases.reclaim(moment(now)))


def renew(now: float) -> None:
    """Renew the leases; what was taken back is not used any more, and rows of empty purses go."""
    mine = dict(purses)
    held = connected(lambda: leases.renew(moment(now)))
    for pk, purse in mine.items():
        if pk not in held and purse.leased:
            purse.lost()
    if empty := [pk for pk in held if pk not in mine and pk not in purses]:
        connected(lambda: leases.end(empty))


def loosened() -> dict[Purse, int]:
    """What goes back with the next batch; purses that hold nothing any more are forgotten."""
    found = {}
    for purse in list(purses.values()):
        if purse.loose:
            found[purse] = purse.loose
        elif not purse.leased and not purse.have:
            purse.rest()
    return found


def leave() -> None:
    """Return every lease of this process: it ends."""
    for purse in list(purses.values()):
        purse.lost()
    purses.clear()
    connected(lambda: leases.end(None))
