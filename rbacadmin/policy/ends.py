"""Moments at which something ends by itself; None is never."""

from datetime import datetime


def reaches(end: datetime | None, moment: datetime | None) -> bool:
    """Whether what ends then lasts up to the moment."""
    return end is None or (moment is not None and end >= moment)


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """The first of two ends."""
    return other if reaches(one, other) else one
