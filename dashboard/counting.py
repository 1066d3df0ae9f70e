"""How many things are in each row of a list, as far as one may see them: a query for each kind of thing."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, QuerySet

from rbacadmin import policy
from rbacadmin.policy import Action, Actor

Things = Mapping[str, tuple[QuerySet[Any], Action]]


def with_counts(actor: Actor, rows: Sequence[Any], column: str, things: Things) -> Sequence[Any]:
    """The rows, each with `counts`: name -> how many of the things point at it by `column`."""
    for row in rows:
        row.counts = dict.fromkeys(things, 0)
    by_id = {row.pk: row for row in rows}
    for name, (queryset, action) in things.items() if rows else ():
        inside = policy.visible(actor, action, queryset.filter(**{f"{column}__in": list(by_id)}))
        for pk, count in inside.order_by().values_list(column).annotate(Count("pk")):
            by_id[pk].counts[name] = count
    return rows
