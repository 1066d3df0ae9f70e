"""/user/block, unblock, delete and sessions/revoke: each function is one request, one call, one answer."""

from typing import Any

from api.litellm.users import asks
from api.litellm.users.rows import PEOPLE, user_rows
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams import services
from teams.models import User


def all_of(actor: Actor, action: Action, body: asks.UsersNamed) -> list[User]:
    """The people that a request names: all of them can be found, or none is touched."""
    return [policy.find(actor, action, PEOPLE, ident) for ident in dict.fromkeys(body.user_ids)]


def block(actor: Actor, body: asks.UsersNamed) -> dict[str, Any]:
    people = services.block_users(actor, all_of(actor, Action.BLOCK_PEOPLE, body))
    return {"blocked_users": user_rows(actor, people)}


def unblock(actor: Actor, body: asks.UsersNamed) -> dict[str, Any]:
    people = services.unblock_users(actor, all_of(actor, Action.BLOCK_PEOPLE, body))
    return {"unblocked_users": user_rows(actor, people)}


def delete(actor: Actor, body: asks.UsersNamed) -> int:
    """How many, as LiteLLM answers."""
    return services.delete_users(actor, all_of(actor, Action.DELETE_PEOPLE, body))


def revoke_sessions(actor: Actor, body: asks.UserOnly) -> dict[str, Any]:
    user = policy.find(actor, Action.REVOKE_SESSIONS, PEOPLE, body.user_id)
    return {"user_id": user.public_id, "sessions": services.revoke_sessions(actor, user)}
