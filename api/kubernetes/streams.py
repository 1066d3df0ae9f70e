"""How many watches are open, and of whom: each holds a thread of the server."""

import threading
from collections import Counter

from django.db import connections

from api.kubernetes.status import Problem
from api.openai import calling

MOST, MOST_EACH = 32, 24  # watches at a time in this process, and of one caller: the rest of the threads is for others

held: Counter[str] = Counter()
guard = threading.Lock()


def take(principal: str) -> None:
    """A place for a stream. Raises Problem."""
    with guard:
        if held[principal] >= MOST_EACH or held.total() >= MOST or not calling.places.acquire(blocking=False):
            raise Problem(429, "too many watches are open already; close one, or try again later")
        held[principal] += 1


def give(principal: str) -> None:
    with guard:
        held[principal] -= 1
        calling.places.release()


def release() -> None:
    """Give the database back: a watch is open for minutes, and there are fewer connections than threads."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
