"""A person and their first key: one transaction, all or nothing. No rule stands here."""

from typing import Any

from keys import services as keys
from keys.models import Key
from orgs.models import Organization
from rbacadmin.policy import Actor
from rbacadmin.service import service
from teams import services as teams
from teams.models import User


@service
def create_user(
    actor: Actor, homes: list[Organization], *, key: dict[str, Any] | None = None, **values: Any
) -> tuple[User, Key | None, str]:
    """The person, the key and its secret, as far as a key is asked for."""
    user = teams.create_user(actor, organizations=homes, **values)
    if key is None:
        return user, None, ""
    return user, *keys.generate_key(actor, owner=user, organization=homes[0] if homes else None, **key)
