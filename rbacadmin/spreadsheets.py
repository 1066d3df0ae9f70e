"""Comma-separated files that spreadsheets open without running anything."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

RISKY = ("=", "+", "-", "@", "\t", "\r")


class Line:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def plain(value: Any) -> str:
    """A cell: times in UTC, lists with spaces between, and nothing that a spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(timezone.get_fixed_timezone(0)).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    text = " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(RISKY) else text


def lines(titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The file, line by line."""
    yield line(titles)
    for row in rows:
        yield line([plain(cell) for cell in row])


def line(cells: Sequence[Any]) -> str:
    """One line of cells that are plain already."""
    writer: Any = csv.writer(Line())
    found: str = writer.writerow(cells)
    return found


def response(name: str, titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A download named `name` and the day."""
    day = timezone.now().strftime("%Y-%m-%d")
    headers = {"Content-Disposition": f'attachment; filename="{name}-{day}.csv"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(lines(titles, rows), content_type="text/csv; charset=utf-8", headers=headers)
