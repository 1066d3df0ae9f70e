"""/management/v1/*: people as LiteLLM's newer routes list them; refusals are problems (RFC 7807)."""

from typing import Any

from django.core.exceptions import ValidationError

from api.litellm import lists
from api.litellm.management import asks
from api.litellm.users.asks import UserPage
from api.litellm.users.calls import filtered
from api.litellm.users.rows import user_rows
from api.types import Nothing
from rbacadmin import policy
from rbacadmin.policy import Action, Actor

PEOPLE = "/management/v1/users"


def people(actor: Actor, body: asks.PeoplePage) -> dict[str, Any]:
    """The people that the caller may see."""
    policy.require_somewhere(actor, Action.VIEW_PEOPLE)
    rows = filtered(actor, UserPage(search=body.search))
    found = policy.numbered(actor, Action.VIEW_PEOPLE, rows, page=body.page, size=body.page_size, order="public_id")
    return lists.linked(found, user_rows(actor, found.items), PEOPLE)


def me(actor: Actor, _body: Nothing) -> dict[str, Any]:
    """Oneself."""
    if actor.user is None:
        raise ValidationError("This key belongs to nobody.")
    return user_rows(actor, [actor.user])[0]
