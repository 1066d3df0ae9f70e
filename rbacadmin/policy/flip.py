"""The smallest changes that would turn a decision round, and who can make them."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from rbacadmin.policy.actions import Action
from rbacadmin.policy.actor import Actor
from rbacadmin.policy.configured import forbids
from rbacadmin.policy.decision import ScopeKey
from rbacadmin.policy.engine import can, capped_by_role, reasons
from rbacadmin.policy.people import who
from rbacadmin.policy.roles import CAPS, MEMBER_ACTIONS, PLATFORM, PLATFORM_ROLES, ROLES, SCOPED_ROLES
from rbacadmin.policy.scopes import scope_models
from rbacadmin.policy.subjects import scopes_for

OFFERED = 3


class Flip(NamedTuple):
    """One change. `kind` is `unblock`, `platform_role`, `role` or `permission`; `name` the role or action it is about.

    `gives` counts the actions that come along: the smaller, the less is handed out.
    """

    kind: str
    name: str
    scope: ScopeKey | None = None
    gives: int = 0


def ways_in(actor: Actor, action: Action, obj: Any = None) -> list[Flip]:
    """What would let this person do it, the smallest first; nothing for who can already.

    What holds the person back comes first and is needed in any case; of the others each is enough.
    """
    if can(actor, action, obj):
        return []
    needed = list(obstacles(actor, action))
    if any(True for _ in reasons(actor, action, obj)):
        return needed
    enough = sorted(openings(actor, action, obj), key=lambda flip: flip.gives)
    return [*needed, *enough[:OFFERED]]


def obstacles(actor: Actor, action: Action) -> Iterator[Flip]:
    """Caps that must go, whatever else is given."""
    if not actor.active:
        yield Flip("unblock", "")
    if capped_by_role(actor, action):
        free = (role for role in reversed(PLATFORM_ROLES) if action in CAPS.get(role, {action}))
        if role := next((role for role in free if not forbids(role, action)), None):
            yield Flip("platform_role", role)


def openings(actor: Actor, action: Action, obj: Any) -> Iterator[Flip]:
    """Everything that would be a reason, were it held."""
    scopes = scopes_for(obj, action) if obj is not None else []
    for kind, pk in reversed(scopes):
        if kind == "team" and ("team", pk) in actor.roles and action in MEMBER_ACTIONS:
            yield Flip("permission", action.value, (kind, pk), 1)
        for role in SCOPED_ROLES[kind]:
            if action in ROLES[kind][role]:
                yield Flip("role", role, (kind, pk), len(ROLES[kind][role]))
    for role in PLATFORM_ROLES:
        if action in PLATFORM[role]:
            yield Flip("platform_role", role, None, len(PLATFORM[role]) + len(Action))


def who_can_make(flip: Flip) -> QuerySet[Any]:
    """The people who could make the change. One query, whatever it is."""
    if flip.scope is None:
        return who(Action.BLOCK_PEOPLE if flip.kind == "unblock" else Action.CHANGE_PLATFORM_ROLES)
    kind, pk = flip.scope
    scope = scope_models()[kind]._default_manager.filter(pk=pk).first()
    if scope is None:
        return get_user_model()._default_manager.none()
    return who(Action.CHANGE_TEAM_PERMISSIONS if flip.kind == "permission" else Action.MANAGE_MEMBERS, scope)
