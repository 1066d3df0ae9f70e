"""How lists are cut. Rows are followed by the id of the last one; what differs is only how the answer says it."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from pydantic import Field

from api.openai.administration.route import Context
from api.types import Ident, Request, Response, Sort
from rbacadmin import policy
from rbacadmin.policy import Action
from rbacadmin.policy.page import encode

M = TypeVar("M", bound=Model)


class Page(Request):
    """Rows after the one named."""

    after: Ident | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class LongPage(Page):
    """The same where OpenAI allows more; at most a hundred come at once, and `has_more` says so."""

    limit: Annotated[int, Field(ge=0, le=1000)] = 100
    order: Sort = "asc"


class ByLast(Response):
    """A list that goes on after its `last_id`."""

    object: Literal["list"] = "list"
    data: Sequence[Response]
    first_id: str | None = None
    last_id: str | None = None
    has_more: bool = False


class ByNext(Response):
    """A list that goes on after its `next`."""

    object: Literal["list"] = "list"
    data: Sequence[Response]
    next: str | None = None
    has_more: bool = False


L = TypeVar("L", bound=ByLast)
N = TypeVar("N", bound=ByNext)


def cut(
    context: Context,
    action: Action,
    rows: QuerySet[M],
    body: Page,
    *,
    order: str = "-created_at",
    named: Callable[[str], Q] | None = None,
    before: str | None = None,
) -> tuple[list[M], bool]:
    """The rows of a page that the actor may see, and whether there are more. `named` finds the row of an id.

    Raises ValidationError for an `after` or a `before` that is no row of this list.
    """
    column, back = order.removeprefix("-"), before is not None and body.after is None
    cursor = None
    if ident := before if back else body.after:
        place = (named or rows.model.named)(ident)  # type: ignore[attr-defined]
        row = policy.visible(context.actor, action, rows.filter(place)).first()
        if row is None:
            raise ValidationError({"before" if back else "after": f"'{ident}' is no row of this list."})
        cursor = encode(row, column)
    if back:
        order = column if order.startswith("-") else f"-{column}"
    found = policy.page(context.actor, action, rows, order, cursor, body.limit)
    items = found.items[: body.limit]
    return items[::-1] if back else items, found.next_cursor is not None


def sorted_by(body: LongPage) -> str:
    return "created_at" if body.order == "asc" else "-created_at"


def by_last(cls: type[L], rows: Sequence[Any], more: bool) -> L:
    """The answer of the first style."""
    ids = [row.id for row in rows]
    return cls(data=rows, first_id=ids[0] if ids else None, last_id=ids[-1] if ids else None, has_more=more)


def by_next(cls: type[N], rows: Sequence[Any], more: bool, ident: str = "id") -> N:
    """The answer of the second style."""
    return cls(data=rows, next=getattr(rows[-1], ident) if more and rows else None, has_more=more)


def stamp(moment: Any) -> int:
    """Seconds since 1970."""
    return int(moment.timestamp())


def stamp_or_none(moment: Any) -> int | None:
    return None if moment is None else stamp(moment)
