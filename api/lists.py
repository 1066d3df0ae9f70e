"""Whole lists, for dialects and routes that know no pages."""

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.page import MAX_OFFSET

M = TypeVar("M", bound=Model)


def everything(
    actor: Actor,
    action: Action,
    queryset: QuerySet[M],
    *,
    paged: str,
    order: tuple[str, ...] = ("created_at", "pk"),
) -> list[M]:
    """All visible rows, newest last. Raises ValidationError naming the paged route when there are more than 10,000."""
    rows = list(policy.visible(actor, action, queryset).order_by(*order)[: MAX_OFFSET + 1])
    if len(rows) > MAX_OFFSET:
        raise ValidationError(f"There are more than {MAX_OFFSET} rows: use {paged}, which has pages.")
    return rows
