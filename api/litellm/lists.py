"""How lists are cut: bare arrays up to 10,000 rows, and pages by number."""

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from api.types import Response
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.page import MAX_OFFSET

M = TypeVar("M", bound=Model)


class Numbered(Response):
    """A page with its number."""

    total: int
    page: int
    page_size: int
    total_pages: int


def everything(actor: Actor, action: Action, queryset: QuerySet[M], *, paged: str) -> list[M]:
    """All visible rows, newest last. Raises ValidationError naming the paged route when there are more than 10,000."""
    rows = list(policy.visible(actor, action, queryset).order_by("created_at", "pk")[: MAX_OFFSET + 1])
    if len(rows) > MAX_OFFSET:
        raise ValidationError(f"There are more than {MAX_OFFSET} rows: use {paged}, which has pages.")
    return rows


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
