"""Lists that come page by page."""

from typing import Any

from rbacctl.session import Session

SIZE = 100  # the most that the server gives at once


def everything(
    session: Session, path: str, name: str, label: str, *, size: str = "page_size", **query: Any
) -> list[dict[str, Any]]:
    """All rows of a numbered list, with progress where that takes more than one page."""
    answer = session.client.get(path, **query, page=1, **{size: SIZE})
    found: list[dict[str, Any]] = list(answer[name])
    pages = range(2, int(answer["total_pages"]) + 1)
    if pages:
        for page in session.screen.each(label, pages):
            found += session.client.get(path, **query, page=page, **{size: SIZE})[name]
    return found
