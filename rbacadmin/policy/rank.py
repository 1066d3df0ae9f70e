"""Rank: nobody hands out, or lifts, more than they hold (rulebook 11)."""

from typing import Any

from rbacadmin.errors import PermissionDenied
from rbacadmin.policy.actions import Action
from rbacadmin.policy.actor import Actor
from rbacadmin.policy.decision import Decision, ScopeKey
from rbacadmin.policy.engine import can, reasons
from rbacadmin.policy.explain import describe
from rbacadmin.policy.roles import PLATFORM, PLATFORM_BY_ROLE, ROLES, Bundle
from rbacadmin.policy.scopes import scope_models
from rbacadmin.policy.subjects import all_scopes

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
                False, action, actor.label, describe(obj), roles_that_could=(f"whoever set it, or above: {set_by}",)
            ),
            obj,
        )


def held(actor: Actor) -> dict[ScopeKey | None, Bundle]:
    """What the actor holds by role and grant, within their reach; the key None is the platform."""
    found: dict[ScopeKey | None, Bundle] = {}
    if actor.reach is None:
        found[None] = PLATFORM.get(actor.platform_role, frozenset())
        for scope, role in actor.roles.items():
            found[None] |= PLATFORM_BY_ROLE.get((*scope, role), frozenset())
    for scope, role in actor.roles.items():
        found[scope] = ROLES[scope[0]][role]
    for scope, actions in actor.grants.items():
        found[scope] = found.get(scope, frozenset()) | actions
    return found


def require_not_above(actor: Actor, target: Actor) -> None:
    """Raise PermissionDenied if the target holds, within their reach, anything that the actor does not hold there."""
    known = held(target)
    scopes = {key: row for key, row in load([scope for scope in known if scope]).items() if in_reach(target, key, row)}
    for scope, actions in known.items():
        if scope is not None and scope not in scopes:
            continue
        obj = scopes[scope] if scope else None
        for action in sorted(actions):
            if not can(actor, action, obj):
                text = f"{target.label} holds '{action.label}', which you do not hold there."
                raise PermissionDenied(
                    Decision(False, action, actor.label, describe(obj), roles_that_could=(text,)), obj
                )


def in_reach(target: Actor, scope: ScopeKey, row: Any) -> bool:
    return target.reach is None or scope in target.reach or not target.reach.isdisjoint(all_scopes(row))


def load(scopes: list[ScopeKey]) -> dict[ScopeKey, Any]:
    """The scope rows, one query per kind."""
    found: dict[ScopeKey, Any] = {}
    for kind, model in scope_models().items():
        if ids := [pk for k, pk in scopes if k == kind]:
            found |= {(kind, row.pk): row for row in model._default_manager.filter(pk__in=ids)}
    return found
