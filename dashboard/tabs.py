"""The sections of a page about one row: each is an address of its own."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.urls import reverse

from rbacadmin.http import Request


def tabs(request: Request, sections: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """The sections, with the one that is open marked. A section is its name, its address and maybe a count."""
    return [
        {"label": label, "url": url, "count": count[0] if count else None, "current": request.path == url}
        for label, url, *count in sections
    ]


def row_tabs(request: Request, row: Model, sections: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """The sections of a row's page, by the names of their addresses."""
    return tabs(request, [(label, reverse(name, args=(row.pk,)), *count) for label, name, *count in sections])
