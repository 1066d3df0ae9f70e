"""Calls that this process admitted and another one was told the end of."""

import time

from gateway.admission.decide import flying, overdue
from gateway.admission.settling import release
from gateway.ledger import writing
from gateway.ledger.connecting import connected
from gateway.ledger.purse import guard

EVERY = 1.0  # seconds
YOUNG = 2.0  # seconds in which a call is not asked about
AT_ONCE = 1_000


class Swept:
    """When this was last done, in seconds since 1970, and up to which of the calls in flight."""

    at = 0.0
    place = 0


def sweep() -> None:
    """Give back what such calls reserved, at most once a second, by turns when they are many.

    A gateway that forwards by itself reports to any of our processes: the one that admitted the call finds it written.
    """
    now = time.time()
    if now - Swept.at < EVERY:
        return
    Swept.at = now
    old: list[str] = []
    with guard:
        for calls in (overdue, flying):
            for request_id, call in calls.items():
                if call.at + YOUNG > now:
                    break  # the oldest come first
                old.append(request_id)
    Swept.place = Swept.place if Swept.place < len(old) else 0
    waiting = old[Swept.place : Swept.place + AT_ONCE]
    Swept.place += AT_ONCE  # calls that nobody ever ends must not hide those behind them
    if waiting:
        for request_id in connected(lambda: writing.recorded(waiting)):
            release(request_id)
