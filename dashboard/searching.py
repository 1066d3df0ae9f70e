"""Searching in lists."""

from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from rbacadmin.models import fold

M = TypeVar("M", bound=Model)

SHORTEST_INNER = 3  # shorter words match beginnings only: searching inside names for two letters reads every row


def search(queryset: QuerySet[M], text: str, *columns: str) -> QuerySet[M]:
    """The rows of which one of the columns contains the text (at least three characters), or begins with it."""
    wanted = fold(text).replace("\0", "")[:100]
    if not wanted:
        return queryset
    how = "contains" if len(wanted) >= SHORTEST_INNER else "startswith"
    condition: Any = Q()
    for column in columns or ("alias_key",):
        condition |= Q(**{f"{column}__{how if column.endswith('_key') else 'i' + how}": wanted})
    return queryset.filter(condition)
