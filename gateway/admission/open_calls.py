"""How many calls of one caller are in flight in this process.

A proxy may ask for admissions and never tell the end of any: each holds money and places of others for minutes.
"""

import os
from collections.abc import Hashable
from weakref import WeakValueDictionary

from gateway.ledger.purse import guard


class Open:
    """The number, shared by all that is loaded of one caller, again and again. Changed under `guard`."""

    __slots__ = ("__weakref__", "calls")

    def __init__(self) -> None:
        self.calls = 0


_open: WeakValueDictionary[Hashable, Open] = WeakValueDictionary()  # as long as a caller or a call of theirs is there


def open_of(holder: Hashable) -> Open:
    """The number of whoever this is."""
    with guard:
        found = _open.get(holder)
        if found is None:
            found = _open[holder] = Open()
        return found


def begin_again() -> None:
    """No call is in flight. A forked child has none: its parent ends its own."""
    for found in [*_open.values()]:
        found.calls = 0


os.register_at_fork(after_in_child=begin_again)
