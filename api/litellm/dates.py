"""Dates and times in requests: ISO 8601, UTC unless they say otherwise."""

from datetime import UTC, date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

FIRST_YEAR, LAST_YEAR = 2000, 2200
LONGEST = 366  # days that one report covers
USUAL = 30


def read(field: str, text: str) -> tuple[datetime, bool]:
    """The moment that the text names, and whether it is a whole day. Raises ValidationError that names the field."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ValidationError({field: "Must be a date such as 2026-01-31, or a date and time in ISO 8601."}) from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValidationError({field: f"Must lie between the years {FIRST_YEAR} and {LAST_YEAR}."})
    return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC), len(text.strip()) <= len("2026-01-31")


def between(start: str | None, end: str | None) -> tuple[datetime | None, datetime | None]:
    """From `start_date`, up to and without what follows `end_date`: a day as the end is in, all of it."""
    first = read("start_date", start)[0] if start else None
    last = None
    if end:
        last, whole_day = read("end_date", end)
        last += timedelta(days=1) if whole_day else timedelta(microseconds=1)
    if first and last and first >= last:
        raise ValidationError({"end_date": "Must not lie before start_date."})
    return first, last


def days(start: str | None, end: str | None) -> tuple[date, date]:
    """The first and the last day of a report, both in it; 30 days up to today when nothing is said.

    Raises ValidationError, naming the field, when they are out of order or more than a year apart.
    """
    last = read("end_date", end)[0].date() if end else None
    first = read("start_date", start)[0].date() if start else None
    if last is None:
        today = timezone.now().astimezone(UTC).date()
        last = max(today, first) if first else today
    if first is None:
        first = last - timedelta(days=USUAL - 1)
    if first > last:
        raise ValidationError({"end_date": "Must not lie before start_date."})
    if (last - first).days >= LONGEST:
        raise ValidationError({"start_date": f"At most {LONGEST} days at once."})
    return first, last
