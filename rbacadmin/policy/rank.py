"""Rank: nobody hands out, or lifts, more than they hold (rulebook 11)."""

from collections.abc import Iterable
from typing import Any

from rbacadmin.errors import PermissionDenied
from rbacadmin.policy.actions import Action
from rbacadmin.policy.actor import Actor
from rbacadmin.policy.decision import Decision, Limit, ScopeKey
from rbacadmin.policy.engine import can, reasons
from rbacadmin.policy.explain import describe
from rbacadmin.policy.roles import PLATFORM, PLATFORM_BY_ROLE, ROLES, Bundle
from rbacadmin.policy.scopes import scope_models
from rbacadmin.policy.subjects import all_scopes

# What only the gateway's credential holds: it is handed out by whoever may change what keys can do at all.
HANDED_OUT_BY = {Action.RECORD_USAGE: Action.WIDEN_KEYS}
RANKS = {"": 0, "owner": 1, "project": 2, "team": 2, "organization": 3, "platform": 4}


def level(actor: Actor, action: Action, obj: Any) -> str:
    """The highest level from which the actor can do this: platform, organization, team or project, or owner."""
    found = ""
    for reason in reasons(actor, action, obj):
        if reason.kind == "platform":
            return "platform"
        mine = reason.scope[0] if reason.kind == "role" and reason.scope else "owner"
        found = max(found, mine, key=RANKS.__getitem__)
    return found


def outranks(level: str, other: str) -> bool:
    """Whether one level of a block stands strictly above another."""
    return RANKS[level] > RANKS[other]


def require_rank(actor: Actor, action: Action, obj: Any, set_by: str) -> None:
    """Raise PermissionDenied unless the actor stands at least as high as the level that set the block."""
    if RANKS[level(actor, action, obj)] < RANKS[set_by]:
        raise PermissionDenied(
            Decision(
                False,
                action,
                actor.label,
                describe(obj),
                roles_that_could=(f"a role at the level that set the block ({set_by}), or above",),
            ),
            obj,
        )


def require_not_above(actor: Actor, target: Actor) -> None:
    """Raise PermissionDenied if the target reaches further than the actor, or holds more there (rulebook 11)."""
    rows = load({*target.roles, *target.grants, *(target.reach or ()), *(actor.reach or ())})
    require_no_wider_reach(actor, target, rows)
    if target.reach is None:
        require_each(actor, target, held_on_platform(target), None)
    for scope in {*target.roles, *target.grants, *(target.reach or ())} & rows.keys():
        if in_reach(target, rows[scope]):
            require_each(actor, target, held_on(target, rows[scope]), rows[scope])


def require_no_wider_reach(actor: Actor, target: Actor, rows: dict[ScopeKey, Any]) -> None:
    """Raise PermissionDenied when a key would bring forth one that acts where it does not act itself."""
    if actor.reach is None:
        return
    if target.reach is None or not all(scope in rows and in_reach(actor, rows[scope]) for scope in target.reach):
        limit = Limit("reach", "A key hands out no wider reach than its own.")
        raise PermissionDenied(Decision(False, Action.CREATE_KEYS, actor.label, target.label, limits=(limit,)))


def require_each(actor: Actor, target: Actor, actions: Bundle, row: Any) -> None:
    """Raise PermissionDenied, naming the first of the actions that the actor cannot do to the row."""
    for action in sorted(actions):
        if not can(actor, HANDED_OUT_BY.get(action, action) if row is None else action, row):
            text = f"{target.label} holds '{action.label}', which you do not hold there."
            raise PermissionDenied(Decision(False, action, actor.label, describe(row), roles_that_could=(text,)), row)


def held_on_platform(actor: Actor) -> Bundle:
    """What the actor's roles bring everywhere."""
    scoped = [PLATFORM_BY_ROLE.get((*scope, role), frozenset()) for scope, role in actor.roles.items()]
    return PLATFORM.get(actor.platform_role, frozenset()).union(*scoped)


def held_on(actor: Actor, row: Any) -> Bundle:
    """What the actor holds on a scope by roles and grants there and above: a role reaches into what lies beneath."""
    scopes = all_scopes(row)
    roles = [ROLES[scope[0]][actor.roles[scope]] for scope in scopes if scope in actor.roles]
    return frozenset().union(*roles, *(actor.grants.get(scope, frozenset()) for scope in scopes))


def in_reach(actor: Actor, row: Any) -> bool:
    return actor.reach is None or not actor.reach.isdisjoint(all_scopes(row))


def load(scopes: Iterable[ScopeKey]) -> dict[ScopeKey, Any]:
    """The scope rows, one query per kind."""
    found: dict[ScopeKey, Any] = {}
    for kind, model in scope_models().items():
        if ids := [pk for k, pk in scopes if k == kind]:
            found |= {(kind, row.pk): row for row in model._default_manager.filter(pk__in=ids)}
    return found
