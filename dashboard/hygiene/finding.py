"""What a check found: rows that one mends oneself, each with its button, then those that somebody else mends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from rbacadmin import policy
from rbacadmin.policy import Action, Actor

SHOWN = 20
SHOWN_ALONE = 500  # of one finding on a page of its own
NAMED = 3  # how many of those who can mend a row are named


@dataclass(frozen=True)
class Row:
    """One thing to mend: what it is, what is wrong with it, and where that is mended; or, without `url`, by whom.

    `ask` is the action that mends it and the row that it is asked about, as `policy.nearest` takes them. `button` says
    how it is mended where the other rows are mended otherwise.
    """

    label: str
    text: str
    url: str = ""
    ask: tuple[Action, Any] | None = None
    menders: Sequence[str] = ()
    more: int = 0
    button: str = ""


@dataclass(frozen=True)
class Finding:
    """What one check found: the first rows, how many there are in all, and where all of them are."""

    title: Any
    hint: Any
    button: Any
    rows: Sequence[Row]
    total: int
    all_url: str = ""


@dataclass(frozen=True)
class Check:
    """One thing to look for. `find` gives so many rows and the number of all, as far as the actor may mend or see them.

    `name` is what the address calls it; `listed_at` is the list that holds what it finds, and nothing else.
    """

    name: str
    title: Any
    hint: Any
    button: Any
    find: Callable[[Actor, int], tuple[list[Row], int]]
    listed_at: Callable[[], str] | None = None

    def all_url(self, shown: int, total: int) -> str:
        """Where the rest is; nothing where all are shown already, or no page shows more."""
        if shown >= min(total, SHOWN_ALONE):
            return ""
        return self.listed_at() if self.listed_at else f"{reverse('hygiene')}?{urlencode({'only': self.name})}"


def findings(actor: Actor, checks: Sequence[Check], most: int = SHOWN) -> list[Finding]:
    """What every check found, at most so many rows of each, if anything. A constant number of queries."""
    found = [(check, *check.find(actor, most)) for check in checks]
    rows = iter(with_menders(actor, [row for _, rows, _ in found for row in rows]))
    named = [(check, [next(rows) for _ in mine], total) for check, mine, total in found]
    return [
        Finding(check.title, check.hint, check.button, rows, total, check.all_url(len(rows), total))
        for check, rows, total in named
        if total
    ]


def with_menders(actor: Actor, rows: Sequence[Row]) -> list[Row]:
    """The rows that the actor cannot mend, with the names of those nearest who can. Two queries."""
    asked = [row.ask for row in rows if row.ask and not row.url]
    people = iter(policy.nearest(actor, asked) if asked else ())
    return [named(row, next(people)) if row.ask and not row.url else row for row in rows]


def named(row: Row, people: Sequence[Any]) -> Row:
    return replace(row, menders=[one.label for one in people[:NAMED]], more=max(0, len(people) - NAMED))


def listed(
    actor: Actor, mend: Action, view: Action, rows: QuerySet[Any], row_of: Callable[[Any], Row], most: int
) -> tuple[list[Row], int]:
    """The first of what the actor may mend, then of what they only see, and how many there are of both."""
    mine = policy.visible(actor, mend, rows)
    found, total = first(mine, row_of, most), policy.count(mine)
    if not policy.sees_all(actor, mend):
        seen = policy.visible(actor, view, rows).exclude(pk__in=mine.order_by().values("pk"))
        found += [replace(row, url="") for row in first(seen, row_of, most - len(found))]
        total += policy.count(seen)
    return found, total


def first(rows: QuerySet[Any], row_of: Callable[[Any], Row], most: int) -> list[Row]:
    return [row_of(row) for row in rows.order_by("created_at", "pk")[:most]]
