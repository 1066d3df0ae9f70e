"""Pages of what an actor can see: keyset pages that cost the same at a million rows, and numbered ones for old clients.

On PostgreSQL each way of seeing a row (own, through a team, through an organization) is a sliced branch of its own,
because the planner turns `a OR b` into a scan of everything. On SQLite, and beyond some branches, one OR is better.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet, FieldDoesNotExist, ValidationError
from django.core.signing import BadSignature, Signer
from django.db import connections
from django.db.models import F, Field, JSONField, Model, Q, QuerySet

from rbacadmin.policy.actions import Action
from rbacadmin.policy.actor import Actor
from rbacadmin.policy.engine import branches, capped, visible
from rbacadmin.policy.subjects import is_person, reach_filter

M = TypeVar("M", bound=Model)
T = TypeVar("T")

MAX_BRANCHES = 20
MAX_SIZE = 100
COUNT_CAP = 10_001  # totals are exact up to 10,000 (rulebook 28)
MAX_OFFSET = 10_000


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows and the cursor of the next ones."""

    items: list[T]
    next_cursor: str | None = None


@dataclass(frozen=True)
class Numbered(Generic[M]):
    """A page by number, with a total that stops counting at 10,001."""

    items: list[M]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        return -(-min(self.total, MAX_OFFSET) // self.size)


def signer(model: type[Model], column: str) -> Signer:
    """Cursors are signed, so only what a page gave out comes back, and only to a page in the same order."""
    return Signer(salt=f"page:{model._meta.label}:{column}")


def encode(row: Model, column: str) -> str:
    """The cursor that stands for "after this row"."""
    value = getattr(row, column)
    plain = value if isinstance(value, str | int) else value.isoformat() if hasattr(value, "isoformat") else str(value)
    return signer(type(row), column).sign_object([plain, str(row.pk)])


def decode(model: type[Model], column: str, cursor: str) -> tuple[Any, Any]:
    """Undo `encode`. Raises ValidationError on anything that it did not make."""
    try:
        value, pk = signer(model, column).unsign_object(cursor)
    except (BadSignature, ValueError) as error:
        raise ValidationError({"after": "This cursor is not one that a page gave out."}) from error
    return column_of(model, column).to_python(value), model._meta.pk.to_python(pk)


def column_of(model: type[Model], name: str) -> "Field[Any, Any]":
    """The column of this name. Raises FieldDoesNotExist, also for relations."""
    field = model._meta.get_field(name)
    if not isinstance(field, Field) or field.is_relation:
        raise FieldDoesNotExist(name)
    return field


def page(
    actor: Actor,
    action: Action,
    queryset: QuerySet[M],
    order: str = "-created_at",
    after: str | None = None,
    size: int = 50,
) -> Page[M]:
    """Up to `size` rows after the cursor, in `order` (a column, "-" for descending), ties broken by the id."""
    column, descending = order.removeprefix("-"), order.startswith("-")
    model = queryset.model
    check_order(model, column)
    size = max(1, min(size, MAX_SIZE))
    if after:
        value, pk = decode(model, column, after)
        step = "lt" if descending else "gt"
        queryset = queryset.filter(Q(**{f"{column}__{step}": value}) | Q(**{column: value, f"pk__{step}": pk}))
    sign = "-" if descending else ""
    ordering = [f"{sign}{column}", f"{sign}pk"]
    rows = list(sliced(actor, action, queryset, ordering, size + 1))
    more = len(rows) > size
    last = rows[size - 1] if more else None
    return Page(rows[:size], encode(last, column) if last else None)


def check_order(model: type[Model], column: str, *, nulls: bool = False) -> None:
    """Sorting by a column that may hold nulls would lose rows behind the cursor, and by a hidden one would leak it."""
    try:
        field = column_of(model, column)
        sortable = (nulls or not field.null) and not isinstance(field, JSONField)
    except FieldDoesNotExist:
        sortable = False
    if not sortable:
        raise ValidationError({"sort_by": f"Cannot sort by '{column}'."})


def sliced(actor: Actor, action: Action, queryset: QuerySet[M], ordering: list[str], count: int) -> QuerySet[M]:
    """The first rows of what is visible, each branch cut to `count` before they are put together."""
    model = queryset.model
    found = branches(actor, action, model)
    vendor = connections[queryset.db].vendor
    simple = found is None or len(found) < 2 or len(found) > MAX_BRANCHES or capped(actor, action) or is_person(model)
    if simple or vendor != "postgresql":
        return visible(actor, action, queryset).order_by(*ordering)[:count]
    assert found is not None
    reach = reach_filter(actor, action, model)
    within = queryset if reach is None else queryset.filter(reach)
    heads = [within.filter(branch).order_by(*ordering).values("pk")[:count] for branch in found]
    return queryset.filter(pk__in=heads[0].union(*heads[1:])).order_by(*ordering)[:count]


def numbered(
    actor: Actor,
    action: Action,
    queryset: QuerySet[M],
    *,
    page: int,
    size: int,
    order: str = "-created_at",
    nulls: bool = False,
) -> Numbered[M]:
    """Page `page` (from 1). Raises ValidationError beyond the first 10,000 rows.

    With `nulls` the order may be a column that can be empty: such rows come last, and no page loses them.
    """
    column = order.removeprefix("-")
    check_order(queryset.model, column, nulls=nulls)
    size = max(1, min(size, MAX_SIZE))
    start = (page - 1) * size
    if page < 1 or start + size > MAX_OFFSET:
        raise ValidationError({"page": f"Pages reach the first {MAX_OFFSET} rows; filter, or use the cursor."})
    seen = visible(actor, action, queryset)
    by = F(column).desc(nulls_last=True) if order.startswith("-") else F(column).asc(nulls_last=True)
    rows = list(seen.order_by(by, f"{order.removesuffix(column)}pk")[start : start + size])
    return Numbered(rows, count(seen), page, size)


def count(queryset: QuerySet[Any]) -> int:
    """How many rows, counting no further than 10,001."""
    return queryset.order_by().values("pk")[:COUNT_CAP].count()


def counts(querysets: Sequence[QuerySet[Any]]) -> list[int]:
    """`count` of each of them. One query, however many they are."""
    parts, params = [], list[Any]()
    for queryset in querysets:
        try:
            sql, given = queryset.order_by().values("pk")[:COUNT_CAP].query.sql_with_params()
        except EmptyResultSet:
            sql, given = "SELECT 1 WHERE 1 = 0", ()
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) counted)")  # noqa: S608 (what Django compiled)
        params += given
    with connections[querysets[0].db].cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        return list(cursor.fetchone())
