"""Usage as a file: all groups of the table, at once when they are few, else in parts, as every list."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet

from dashboard.exports import MOST, Cells, Source, csv_file
from dashboard.usage.asked import Asked
from dashboard.usage.reading import Group, size
from gateway.models import DailyUsage
from gateway.spending import Line, count_groups, group_page
from rbacadmin import money

TITLES = ("spend_usd", "requests", "failures", "prompt_tokens", "completion_tokens")
TOGETHER = 2_000  # groups, those that have most first: as many as a file holds that is sent at once


def source(
    name: str,
    asked: Asked,
    found: QuerySet[DailyUsage],
    named: Callable[[Sequence[Line]], Sequence[Group]],
    rest: Callable[[], Sequence[Group]] = tuple,
) -> Source:
    """The lines added up by what is asked for, `named`, and at the end the `rest` that is in no group."""

    def page(after: str) -> tuple[Cells, str]:
        some, cursor = group_page(found, asked.column, after, TOGETHER)
        some.sort(key=lambda line: -size(line, asked.measure))
        return [cells(group) for group in [*named(some), *(() if cursor else rest())]], cursor

    told_apart = "model" if asked.grouped_by_model else asked.by
    file = csv_file(name, [told_apart, "id", *TITLES])
    return Source(file, page, lambda: count_groups(found, asked.column, MOST + 1))


def cells(group: Group) -> list[Any]:
    """A line of the file."""
    counts = group.counts
    return [group.name, group.ident, money.to_number(counts["spend"]), *(counts[title] for title in TITLES[1:])]
