"""The sections of a page about one row: each is an address of its own."""

from collections.abc import Iterable
from typing import Any

from rbacadmin.http import Request


def tabs(request: Request, sections: Iterable[tuple[Any, str]]) -> list[dict[str, Any]]:
    """The sections, with the one that is open marked. A section is its name and its address."""
    return [{"label": label, "url": url, "current": request.path == url} for label, url in sections]
