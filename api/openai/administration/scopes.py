"""OpenAI's scopes of a key, as far as they mean something here."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError

from rbacadmin.policy import Action

READ_ONLY = "api.all.read"


def actions_of(scopes: Sequence[str]) -> list[str] | None:
    """The only actions of a key with these scopes; None is all. Raises ValidationError for a scope of another kind."""
    if unknown := [scope for scope in scopes if scope != READ_ONLY]:
        raise ValidationError({"scopes": f"Only {READ_ONLY} is known here, not: {', '.join(unknown)}."})
    return sorted(action.value for action in Action if action.is_read) if scopes else None
