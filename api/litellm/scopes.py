"""Rows that a request names by id: several at once, or the one that is there already."""

from collections.abc import Iterable
from typing import TypeVar

from django.core.exceptions import ValidationError

from rbacadmin import policy
from rbacadmin.models import Row
from rbacadmin.policy import Action, Actor

R = TypeVar("R", bound=Row)


def all_named(actor: Actor, action: Action, model: type[R], field: str, idents: Iterable[str]) -> list[R]:
    """The rows that a request names, each once. Raises ValidationError when it names none."""
    found = {row.pk: row for row in (policy.find(actor, action, model, ident) for ident in idents)}
    if not found:
        raise ValidationError({field: "Name at least one."})
    return list(found.values())


def listed(given: str | Iterable[str] | None) -> list[str]:
    """The ids that a parameter names: one, several, or several in one text, each once."""
    texts = [given] if isinstance(given, str) else given or []
    return list(dict.fromkeys(part.strip() for text in texts for part in text.split(",") if part.strip()))


def is_named(row: Row | None, ident: str | None) -> bool:
    """Whether a request names this row, by any of its ids; null and an empty id name none."""
    if row is None or not ident:
        return row is None and not ident
    return ident in (row.public_id, str(row.pk), row.prefixed_id) or ident.lower() == getattr(row, "email", None)
