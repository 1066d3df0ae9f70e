"""What of a row may be shown: every name on the wire stands for a column, and the column decides."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Model

from gateway.spent import spent
from rbacadmin.policy.fields import readable_each as readable

__all__ = ["BLOCKED", "NESTED", "RECORD", "Row", "readable", "shown", "spends"]

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


BUDGET = (
    "max_budget",
    "soft_budget",
    "budget_duration",
    "budget_reset_at",
    "max_parallel_requests",
    "tpm_limit",
    "rpm_limit",
    "model_max_budget",
)


def budget_table(budget_id: str, shown: Mapping[str, Any]) -> dict[str, Any]:
    """LiteLLM keeps budgets as rows of their own; ours stand on the row itself, so the id is the row's."""
    return {"budget_id": budget_id, **{name: shown[name] for name in BUDGET if name in shown}}
