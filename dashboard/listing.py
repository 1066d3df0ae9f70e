"""Lists: searching, filtering, sorting, pages and CSV, the same on every screen and all of it without JavaScript."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render

from dashboard.exports import Source, answer, counted, csv_file
from dashboard.searching import search
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action, Actor, Page, fields

M = TypeVar("M", bound=Model)

EXPORTED_AT_ONCE = 100


@dataclass(frozen=True)
class Filter:
    """One choice above a list. `apply` gets the queryset and a value of `choices`, or what was typed.

    `reads` is the action that shows what is filtered by, where fewer may see that than the row: else it would leak.
    """

    name: str
    label: Any
    choices: Sequence[tuple[str, Any]]
    apply: Callable[[Any, str], Any]
    reads: Action | None = None
    kind: str = "choice"  # or "text", "date"

    def takes(self, value: str) -> bool:
        """Whether a value of the address is one to filter by."""
        if self.kind == "date":
            return is_date(value)
        return bool(value) if self.kind == "text" else value in {str(known) for known, _ in self.choices}


def in_words(count: int) -> str:
    """How many rows; counting ends at 10,000."""
    return "10,000+" if count > 10_000 else f"{count:,}"


def is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text) is not None
    except ValueError:
        return False


@dataclass(frozen=True)
class Column:
    """One column of the CSV. `field` names the row of the policy's field table that decides who may read it."""

    title: str
    field: str
    value: Callable[[Any], Any]


@dataclass(frozen=True)
class Listing(Generic[M]):
    """How one kind of row is listed. `orders` are sort keys of the address and what people call them.

    `title` is what its own page is called; a listing that stands only within other pages has none.
    `prepare` puts beside rows that are exported what their columns need and no row holds, such as spend.
    """

    name: str
    action: Action
    orders: Mapping[str, Any]
    filters: tuple[Filter, ...] = ()
    columns: tuple[Column, ...] = ()
    searched: tuple[str, ...] = ("alias_key",)
    prepare: Callable[[Actor, Sequence[Any]], Sequence[Any]] | None = None
    title: Any = ""

    def shown(self, request: Request, rows: QuerySet[M]) -> "Shown[M]":
        """The page that the address asks for. What it asks for and is not known is passed over."""
        order, query = self.order_of(request), request.GET.get("q", "")
        found, chosen = self.narrowed(request, search(rows, query, *self.searched))
        page = policy.page(request.actor, self.action, found, order=order, after=request.GET.get("after"))
        return Shown(self, page, query, order, chosen, lambda: policy.visible(request.actor, self.action, found))

    def order_of(self, request: Request) -> str:
        """The order that the address asks for; the first one where it asks for none that is known."""
        order = request.GET.get("sort", "")
        return order if order in self.orders else next(iter(self.orders))

    def page_or_file(
        self, request: Request, rows: QuerySet[M], template: str, more: Callable[[Sequence[M]], Mapping[str, Any]]
    ) -> HttpResponseBase:
        """The page that the address asks for, or the file. `more` is what the template wants to know of its rows."""
        if request.GET.get("format") == "csv":
            return self.export(request, rows)
        shown = self.shown(request, rows)
        return render(request, template, {"list": shown, "page": shown.page, **more(shown.page.items)})

    def narrowed(self, request: Request, rows: QuerySet[M]) -> tuple[QuerySet[M], dict[str, str]]:
        """The rows that pass the filters of the address, and what was chosen."""
        chosen = {}
        for one in self.filters:
            value = request.GET.get(one.name, "").strip()
            if one.takes(value):
                seen = policy.visible(request.actor, one.reads, rows) if one.reads else rows
                rows, chosen[one.name] = one.apply(seen, value), value
        return rows, chosen

    def export(self, request: Request, rows: QuerySet[M]) -> HttpResponseBase:
        """All rows that the filters of the address leave, as CSV; page by page, so that memory stays small."""
        found, _ = self.narrowed(request, search(rows, request.GET.get("q", ""), *self.searched))
        titles = [column.title for column in self.columns]
        seen = policy.visible(request.actor, self.action, found)
        source = Source(
            csv_file(self.name, titles),
            page=lambda after: self.cells(request.actor, found, after),
            count=lambda: counted(seen),
        )
        return answer(request, source)

    def cells(self, actor: Actor, rows: QuerySet[M], after: str) -> tuple[list[list[Any]], str]:
        """A page of cells, and where the next one begins. What the actor may not read stays empty."""
        page = policy.page(actor, self.action, rows, next(iter(self.orders)), after or None, EXPORTED_AT_ONCE)
        allowed = fields.readable_each(actor, page.items)
        prepared = self.prepare(actor, page.items) if self.prepare else page.items
        cells = [
            [column.value(row) if column.field in allowed[row.pk] else "" for column in self.columns]
            for row in prepared
        ]
        return cells, page.next_cursor or ""


@dataclass(frozen=True)
class Shown(Generic[M]):
    """A list as its template needs it."""

    listing: Listing[M]
    page: Page[M]
    query: str
    order: str
    chosen: Mapping[str, str] = field(default_factory=dict)
    everything: Callable[[], QuerySet[M]] | None = None

    @property
    def total(self) -> str:
        """How many rows match in all. One query."""
        return in_words(policy.count(self.everything()) if self.everything else len(self.page.items))

    @property
    def filters(self) -> list[dict[str, Any]]:
        return [
            {
                "name": one.name,
                "label": one.label,
                "kind": one.kind,
                "choices": one.choices,
                "chosen": self.chosen.get(one.name, ""),
            }
            for one in self.listing.filters
        ]

    @property
    def dates(self) -> list[dict[str, Any]]:
        """Those of the filters that take a day, which stand together."""
        return [one for one in self.filters if one["kind"] == "date"]

    @property
    def orders(self) -> list[tuple[str, Any]]:
        return list(self.listing.orders.items())

    @property
    def narrowed(self) -> bool:
        """Whether an empty list may be so because of what was asked for."""
        return bool(self.query or self.chosen)

    @property
    def exported(self) -> bool:
        return bool(self.listing.columns)
