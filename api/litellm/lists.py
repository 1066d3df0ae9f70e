"""How lists are cut: bare arrays up to 10,000 rows, and pages by number."""

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from api.litellm.types import Response
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


def order_of(sort_by: str, sort_order: str, columns: dict[str, str]) -> str:
    """The `order` of `policy.numbered` for a wire name."""
    return ("-" if sort_order == "desc" else "") + columns.get(sort_by, sort_by)
