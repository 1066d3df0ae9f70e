"""What of a row may be shown: every name on the wire stands for a column, and the column decides."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Model

from api.litellm.translate import budget_table
from gateway.models import Spend
from rbacadmin import policy
from rbacadmin.policy import Actor, fields
from teams.models import User

Row = dict[str, Any]

NESTED = 10_000  # rows of one kind that an answer nests at most
RECORD = {name: name for name in ("created_at", "updated_at", "created_by", "updated_by", "spend")}
BLOCKED = {"blocked": "blocked_by"}


def readable(actor: Actor, rows: Sequence[Model]) -> dict[UUID, frozenset[str]]:
    """The fields that the actor may read of each row. People stand in many scopes, so they are asked about in bulk."""
    if not rows or not isinstance(rows[0], User):
        return {row.pk: fields.readable(actor, row) for row in rows}
    table = fields.FIELDS["teams.User"]
    page = User.objects.filter(pk__in=[row.pk for row in rows])
    seen = {
        action: set(policy.visible(actor, action, page).values_list("pk", flat=True))
        for action in {a.read for a in table.values()}
    }
    return {row.pk: frozenset(name for name, access in table.items() if row.pk in seen[access.read]) for row in rows}


def spends(rows: Iterable[Model]) -> dict[UUID, int]:
    """What each row has spent in its current period, in nano-dollars. One query."""
    return dict(Spend.objects.filter(object_id__in=[row.pk for row in rows]).values_list("object_id", "current"))


def shown(row: Row, names: Mapping[str, str], allowed: frozenset[str]) -> Row:
    """What of a row may be read: every name stands for a column, and the column decides."""
    return {name: value for name, value in row.items() if names[name] in allowed}


def with_budget(row: Row, budget_id: str) -> Row:
    """Add the nested budget where the caller reads any of it."""
    return {**row, "litellm_budget_table": budget_table(budget_id, row)} if "max_budget" in row else row
