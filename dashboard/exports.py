"""Lists as files: at once when they are small, else made in parts, on a page that says how far it is.

Who makes the parts asks the list's own view for its source again each time, at the address where the export was asked
for: so each part is what the person may see at that moment, through the same filters, and no second way of reading.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.context import WISH
from rbacadmin import spreadsheets
from rbacadmin.errors import NotFound
from rbacadmin.http import Request
from rbacadmin.tasks import keeping
from rbacadmin.tasks.keeping import Step
from rbacadmin.tasks.row import Task

AT_ONCE = 2_000  # rows that are sent at once, as the answer
MOST = 200_000  # rows of a file that is kept here meanwhile; more are sent at once, too
ROWS = 500  # of a part, and what is left of its last page
Cells = list[list[Any]]


@dataclass(frozen=True)
class File:
    """How rows are written: the name of the file, what it is, its head, and a row as a line."""

    name: str
    media: str
    head: str
    line: Callable[[Sequence[Any]], str]


@dataclass(frozen=True)
class Source:
    """What is exported. `page` gives the rows from a cursor (at first nothing) and the next cursor (at last nothing).

    `begin` puts on record that it is exported; `list_path` is the list's page, where the export has its own.
    """

    file: File
    page: Callable[[str], tuple[Cells, str]]
    count: Callable[[], int]
    begin: Callable[[], Any] = lambda: None
    list_path: str = ""


def csv_file(name: str, titles: Sequence[str]) -> File:
    def line(cells: Sequence[Any]) -> str:
        return spreadsheets.line([spreadsheets.plain(cell) for cell in cells])

    return File(dated(name, "csv"), "text/csv; charset=utf-8", spreadsheets.line(titles), line)


def dated(name: str, ending: str) -> str:
    return f"{name}-{timezone.now():%Y-%m-%d}.{ending}"


def json_file(name: str, titles: Sequence[str], nested: Sequence[str] = ()) -> File:
    """One JSON object a line; cells of the `nested` titles hold JSON already."""

    def line(cells: Sequence[Any]) -> str:
        found = dict(zip(titles, cells, strict=True))
        found |= {title: json.loads(found[title] or "{}") for title in nested}
        return json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"

    return File(dated(name, "ndjson"), "application/x-ndjson", "", line)


class Taken(Exception):
    """The source of an export, for whoever asked a view for that alone."""

    def __init__(self, source: Source) -> None:
        super().__init__("an export")
        self.source = source


def counted(rows: QuerySet[Any]) -> int:
    """How many rows, counting no further than makes a difference."""
    return rows.order_by().values("pk")[: MOST + 1].count()


def answer(request: Request, source: Source) -> HttpResponseBase:
    """The file; or, when it takes long, the offer to make it in parts."""
    if hasattr(request, "wants_source"):
        raise Taken(source)
    total = source.count()
    if not AT_ONCE < total <= MOST or request.GET.get("whole"):
        source.begin()
        headers = {"Content-Disposition": f'attachment; filename="{source.file.name}"', "Cache-Control": "no-store"}
        return StreamingHttpResponse(whole(source), content_type=source.file.media, headers=headers)
    back = back_of(source, request.path, request.GET.urlencode())
    context = {"total": total, "name": source.file.name, "back": back}
    return render(request, "tasks/export.html", context)


def back_of(source: Source, path: str, query: str) -> str:
    """The list as it was, with its filters."""
    found = QueryDict(query, mutable=True)
    found.pop("format", None)
    return f"{source.list_path or path}?{found.urlencode()}"


def whole(source: Source) -> Iterator[str]:
    """The file, line by line."""
    yield source.file.head
    after: str | None = None
    while after != "":
        cells, after = source.page(after or "")
        yield from map(source.file.line, cells)


def asked_at(request: Request) -> datetime:
    """Now; of a part of an export, when the export began, so that a file that takes past midnight is of one window."""
    return getattr(request, "export_began", None) or timezone.now()


def source_at(request: Request, address: str, chosen: str, began: datetime | None = None) -> Source:
    """What the list at this address exports to this person, at this moment. Raises NotFound, PermissionDenied."""
    path, _mark, query = address.partition("?")
    again: Any = copy(request)
    again.__dict__.pop("chosen_scope", None)
    again.method, again.path, again.GET = "GET", path, QueryDict(query)
    again.session, again.wants_source, again.export_began = {WISH: chosen}, True, began
    try:
        view = resolve(path)
        if path.startswith("/ui/"):
            view.func(again, *view.args, **view.kwargs)
    except Taken as taken:
        return taken.source
    except (Resolver404, ValidationError):
        pass
    raise NotFound("export", path)


def begin(request: Request, address: str) -> Task:
    """Begin to make the file of the list at this address."""
    chosen = str(request.session.get(WISH, ""))
    source = source_at(request, address, chosen)
    source.begin()
    file, total = source.file, source.count()
    path, _mark, query = address.partition("?")
    asked = {"address": address, "chosen": chosen, "name": file.name, "media": file.media, "head": file.head}
    title = _("Export %(name)s") % {"name": file.name}
    return keeping.begin(
        request.actor, "export", title, {**asked, "back": [back_of(source, path, query), _("The list")]}, total
    )


def step(request: Request, task: Task) -> Step:
    """The next pages of the file."""
    source = source_at(request, task.asked["address"], task.asked["chosen"], task.created_at)
    cells, after = source.page(task.after)
    while after and len(cells) < ROWS:
        more, after = source.page(after)
        cells += more
    return Step(len(cells), text="".join(map(source.file.line, cells)), after=after, last=not after)
