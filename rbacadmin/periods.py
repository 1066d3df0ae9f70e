"""When a budget's period begins and ends. Whole calendar units snap, as LiteLLM's do; all of it in UTC.

`1d` runs from midnight to midnight, `7d` and `1w` from Monday, `30d` and `1mo` from the first of the month; seconds,
minutes and hours are aligned to the clock. Any other number of days, weeks or months is counted from the midnight
(for months: the first) on which the row's first period began.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from rbacadmin.limits import DURATION, WORDS, parse_duration

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MONDAY = datetime(1970, 1, 5, tzinfo=UTC)
MONTH_DAYS = 30  # people who write 30d mean a month


class Period(NamedTuple):
    """From `start`, which belongs to it, to `end`, which does not."""

    start: datetime
    end: datetime


def period_at(duration: str, now: datetime, began: datetime | None = None) -> Period | None:
    """The period of `duration` in which `now` lies; None without a duration.

    `began` anchors the periods that no calendar does. Raises ValidationError for what is no duration.
    """
    if not duration:
        return None
    span, now = parse_duration(duration), now.astimezone(UTC)
    match = DURATION.fullmatch(WORDS.get(duration, duration))
    assert match, "parse_duration lets nothing else through"
    count, unit = int(match[1]), match[2]
    if unit == "mo" or (unit == "d" and count == MONTH_DAYS):
        return months(1 if unit == "d" else count, now, began)
    if unit in ("s", "m", "h") or span == timedelta(days=1):
        return aligned(span, now, EPOCH)
    if span == timedelta(days=7):
        return aligned(span, now, MONDAY)
    return aligned(span, now, midnight(began or EPOCH))


def aligned(span: timedelta, now: datetime, anchor: datetime) -> Period:
    start = anchor + (now - anchor) // span * span
    return Period(start, start + span)


def months(count: int, now: datetime, began: datetime | None) -> Period:
    """Calendar months; of several, those counted from the month of `began`."""
    first = month_number(began.astimezone(UTC)) if began and count > 1 else 0
    index = first + (month_number(now) - first) // count * count
    return Period(month_start(index), month_start(index + count))


def month_number(moment: datetime) -> int:
    return moment.year * 12 + moment.month - 1


def month_start(number: int) -> datetime:
    return datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)


def midnight(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def current_period(row: Any, now: datetime) -> Period | None:
    """The budget period in which `now` lies, for a row with limits; None when its budget is for good."""
    return period_at(row.budget_duration, now, row.budget_started_at or getattr(row, "created_at", None))


def has_elapsed(row: Any, counted_since: datetime | None, now: datetime) -> bool:
    """Whether what was counted since then belongs to a period that is over: it is reset when somebody looks."""
    period, since = current_period(row, now), counted_since or row.budget_started_at
    return period is not None and since is not None and since < period.start
