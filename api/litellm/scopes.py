"""Scopes that a request names by id, several at once."""

from collections.abc import Iterable
from typing import TypeVar

from django.core.exceptions import ValidationError

from rbacadmin import policy
from rbacadmin.models import Scope
from rbacadmin.policy import Action, Actor

S = TypeVar("S", bound=Scope)


def all_named(actor: Actor, action: Action, model: type[S], field: str, idents: Iterable[str]) -> list[S]:
    """The scopes that a request names, each once. Raises ValidationError when it names none."""
    found = {scope.pk: scope for scope in (policy.find(actor, action, model, ident) for ident in idents)}
    if not found:
        raise ValidationError({field: "Name at least one."})
    return list(found.values())
