"""How lists are cut: bare arrays up to 10,000 rows, and pages by number."""

from typing import Any

from api.lists import everything
from api.types import Response
from rbacadmin import policy

__all__ = ["Numbered", "everything", "linked", "numbered", "order_of"]


class Numbered(Response):
    """A page with its number."""

    total: int
    page: int
    page_size: int
    total_pages: int


def numbered(found: policy.Numbered[Any], name: str, rows: list[Any]) -> dict[str, Any]:
    """A page in the style `{<items>, total, page, page_size, total_pages}`."""
    return {name: rows, "total": found.total, "page": found.page, "page_size": found.size, "total_pages": found.pages}


def linked(found: policy.Numbered[Any], rows: list[Any], path: str) -> dict[str, Any]:
    """A page in the style `{data, meta, links}`: links are addresses without a host, null where there is no page."""

    def at(page: int) -> str | None:
        return f"{path}?page={page}&page_size={found.size}" if 1 <= page <= max(found.pages, 1) else None

    links = {"self": at(found.page), "first": at(1), "last": at(max(found.pages, 1))}
    meta = {"total": found.total, "page": found.page, "page_size": found.size, "total_pages": found.pages}
    return {"data": rows, "meta": meta, "links": {**links, "prev": at(found.page - 1), "next": at(found.page + 1)}}


def order_of(sort_by: str, sort_order: str, columns: dict[str, str]) -> str:
    """The `order` of `policy.numbered` for a wire name."""
    return ("-" if sort_order == "desc" else "") + columns.get(sort_by, sort_by)
