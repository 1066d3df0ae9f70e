"""When something was or will be, as screens say it."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.templatetags.lucide import drawn
from dashboard.templatetags.times import day, from_now, relative

NOW = datetime(2026, 3, 14, 15, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(0), "just now"),
        (timedelta(seconds=-59), "just now"),
        (timedelta(seconds=20), "in less than a minute"),
        (timedelta(minutes=-1), "1 minute ago"),
        (timedelta(minutes=59), "in 59 minutes"),
        (timedelta(hours=-30), "1 day ago"),
        (timedelta(hours=-40), "2 days ago"),
        (timedelta(days=13), "in 13 days"),
        (timedelta(days=-15), "2 weeks ago"),
        (timedelta(days=90), "in 3 months"),
        (timedelta(days=-800), "2 years ago"),
    ],
)
def test_a_moment_is_told_in_one_unit_from_now(away: timedelta, words: str):
    assert from_now(NOW + away, NOW) == words


def test_the_exact_moment_is_at_hand():
    assert 'datetime="2026-03-14T15:09:00+00:00" title="14 March 2026, 15:09 UTC"' in relative(NOW)
    assert '<span class="nowrap">14 Mar 2026</span>' in day(NOW)


def test_an_icon_is_drawn_once_and_hidden_from_readers():
    before = drawn.cache_info().misses
    first = drawn("key-round", 18, (("aria_hidden", "true"),))
    assert drawn("key-round", 18, (("aria_hidden", "true"),)) is first
    assert drawn.cache_info().misses <= before + 1
    assert 'width="18"' in first
    assert 'aria-hidden="true"' in first
