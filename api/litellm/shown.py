"""What of a row may be shown: every name on the wire stands for a column, and the column decides."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Model

from api.litellm.translate import budget_table
from gateway.spent import spent
from rbacadmin.policy.fields import readable_each as readable

__all__ = ["BLOCKED", "NESTED", "RECORD", "Row", "readable", "shown", "spends", "with_budget"]

Row = dict[str, Any]

NESTED = 10_000  # rows of one kind that an answer nests at most
RECORD = {name: name for name in ("created_at", "updated_at", "created_by", "updated_by", "spend")}
RECORD |= {"budget_reset_at": "max_budget"}
BLOCKED = {"blocked": "blocked_by"}


def spends(rows: Iterable[Model]) -> dict[UUID, int]:
    """What each row has spent in its current period, in nano-dollars. One query."""
    return spent(rows)


def shown(row: Row, names: Mapping[str, str], allowed: frozenset[str]) -> Row:
    """What of a row may be read: every name stands for a column, and the column decides."""
    return {name: value for name, value in row.items() if names[name] in allowed}


def with_budget(row: Row, budget_id: str) -> Row:
    """Add the nested budget where the caller reads any of it."""
    return {**row, "litellm_budget_table": budget_table(budget_id, row)} if "max_budget" in row else row
