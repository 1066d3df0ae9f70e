"""Laws of budget periods: there is always exactly one, and it snaps to the calendar where people expect it."""

from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from rbacadmin.limits import UNITS, WORDS
from rbacadmin.periods import current_period, has_elapsed, period_at

pytestmark = pytest.mark.sqlite

moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
counts = st.integers(1, 400)
durations = st.builds(lambda count, unit: f"{count}{unit}", counts, st.sampled_from(sorted(UNITS)))
anything = durations | st.sampled_from(sorted(WORDS))
laws = settings(derandomize=True, database=None, max_examples=300)
NOW = datetime(2026, 7, 15, 13, 37, 21, 5, tzinfo=UTC)  # a Wednesday


@laws
@given(duration=anything, now=moments, began=st.none() | moments)
def test_now_lies_in_the_period(duration: str, now: datetime, began: datetime | None) -> None:
    period = period_at(duration, now, began)
    assert period is not None
    assert period.start <= now < period.end


@laws
@given(duration=anything, now=moments, began=st.none() | moments, part=st.floats(0, 1))
def test_a_period_is_the_same_from_its_first_moment_to_its_last(
    duration: str, now: datetime, began: datetime | None, part: float
) -> None:
    period = period_at(duration, now, began)
    assert period is not None
    within = min(period.start + (period.end - period.start) * part, period.end - timedelta(microseconds=1))
    assert period_at(duration, within, began) == period
    assert period_at(duration, period.start, began) == period


@laws
@given(duration=anything, now=moments, began=st.none() | moments)
def test_periods_follow_each_other_without_a_gap(duration: str, now: datetime, began: datetime | None) -> None:
    period = period_at(duration, now, began)
    assert period is not None
    following = period_at(duration, period.end, began)
    assert following is not None
    assert following.start == period.end


@laws
@given(duration=anything, now=moments, hours=st.integers(-12, 14))
def test_the_clock_on_the_wall_does_not_matter(duration: str, now: datetime, hours: int) -> None:
    elsewhere = now.astimezone(timezone(timedelta(hours=hours)))
    assert period_at(duration, elsewhere) == period_at(duration, now)


@pytest.mark.parametrize(
    ("duration", "start", "end"),
    [
        ("1d", "2026-07-15", "2026-07-16"),
        ("24h", "2026-07-15", "2026-07-16"),
        ("daily", "2026-07-15", "2026-07-16"),
        ("7d", "2026-07-13", "2026-07-20"),
        ("1w", "2026-07-13", "2026-07-20"),
        ("weekly", "2026-07-13", "2026-07-20"),
        ("30d", "2026-07-01", "2026-08-01"),
        ("1mo", "2026-07-01", "2026-08-01"),
        ("monthly", "2026-07-01", "2026-08-01"),
        ("1h", "2026-07-15T13:00", "2026-07-15T14:00"),
        ("6h", "2026-07-15T12:00", "2026-07-15T18:00"),
        ("15m", "2026-07-15T13:30", "2026-07-15T13:45"),
        ("30s", "2026-07-15T13:37", "2026-07-15T13:37:30"),
        ("2d", "2026-07-14", "2026-07-16"),
        ("10d", "2026-07-12", "2026-07-22"),
        ("2w", "2026-07-06", "2026-07-20"),
        ("3mo", "2026-06-01", "2026-09-01"),
    ],
)
def test_whole_units_snap_to_the_calendar(duration: str, start: str, end: str) -> None:
    began = datetime(2026, 6, 22, 9, 30, tzinfo=UTC)
    period = period_at(duration, NOW, began)
    assert period is not None
    assert (period.start, period.end) == tuple(datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (start, end))


def test_without_a_duration_there_is_no_period() -> None:
    assert period_at("", NOW) is None


@pytest.mark.parametrize("text", ["0d", "-1d", "1y", "x"])
def test_what_is_no_duration_has_no_period(text: str) -> None:
    with pytest.raises(ValidationError):
        period_at(text, NOW)


def row(duration: str, started: datetime | None = None) -> SimpleNamespace:
    return SimpleNamespace(
        budget_duration=duration, budget_started_at=started, created_at=datetime(2026, 1, 3, 8, tzinfo=UTC)
    )


def test_odd_periods_of_an_old_row_are_counted_from_its_creation() -> None:
    period = current_period(row("10d"), NOW)
    assert period is not None
    assert (period.start - datetime(2026, 1, 3, tzinfo=UTC)).days % 10 == 0


def test_what_was_counted_before_the_period_has_elapsed() -> None:
    june, july = datetime(2026, 6, 30, 23, 59, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
    assert has_elapsed(row("30d"), june, NOW)
    assert not has_elapsed(row("30d"), july, NOW)
    assert not has_elapsed(row(""), june, NOW), "a budget for good never starts anew"
    assert has_elapsed(row("30d", started=june), None, NOW), "counted since the budget began"
    assert not has_elapsed(row("30d"), None, NOW), "who knows since when"
