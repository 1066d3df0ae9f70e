"""Many values, some at a time: SQLite counts the parameters of a question, and nobody waits for a long one."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

SOME = 500  # ids in one question
V = TypeVar("V")


def slices(values: Sequence[V], most: int = SOME) -> Iterator[Sequence[V]]:
    """The values in their order, so many at a time."""
    for start in range(0, len(values), most):
        yield values[start : start + most]
