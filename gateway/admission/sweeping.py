"""Calls that this process admitted and another one was told the end of."""

import time

from gateway.admission.decide import flying
from gateway.admission.settling import release
from gateway.ledger import writing
from gateway.ledger.connecting import connected
from gateway.ledger.purse import guard

EVERY = 1.0  # seconds
YOUNG = 2.0  # seconds in which a call is not asked about
AT_ONCE = 1_000


class Swept:
    """When this was last done. Seconds since 1970."""

    at = 0.0


def sweep() -> None:
    """Give back what such calls reserved, at most once a second.

    A gateway that forwards by itself reports to any of our processes: the one that admitted the call finds it written.
    """
    now = time.time()
    if now - Swept.at < EVERY:
        return
    Swept.at = now
    waiting: list[str] = []
    with guard:
        for request_id, call in flying.items():
            if call.at + YOUNG > now or len(waiting) == AT_ONCE:
                break  # the oldest come first
            waiting.append(request_id)
    if waiting:
        for request_id in connected(lambda: writing.recorded(waiting)):
            release(request_id)
