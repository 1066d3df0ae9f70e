"""Rows beneath a scope that moves: their scope columns follow, on record."""

from typing import Any

from django.db.models import QuerySet

from rbacadmin import audit
from rbacadmin.policy import Actor


def carry(actor: Actor, noun: str, rows: QuerySet[Any], scope: Any) -> None:
    """Give the rows the organization of the scope that they stand in. `noun` names them in the record."""
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        row.organization_id = scope.organization_id
        row.save(update_fields=["organization"])
        audit.record(actor, f"{noun}.moved_in", row)
