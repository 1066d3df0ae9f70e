"""The decision: (platform role + roles + grants + ownership), then caps, then reach. Grants add, nothing denies.

`can` and `visible` read the same declarations; tests prove that they agree for every model, action and person.
"""

import functools
import operator
from collections.abc import Hashable, Iterable, Iterator
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from rbacadmin.errors import PermissionDenied
from rbacadmin.policy import configured
from rbacadmin.policy.actions import Action
from rbacadmin.policy.actor import Actor
from rbacadmin.policy.decision import Limit, Reason
from rbacadmin.policy.ownership import ownerships
from rbacadmin.policy.roles import CAPS, MEANINGS, PLATFORM, ROLES
from rbacadmin.policy.subjects import reach_filter, scope_filters, scope_sight, scopes_for, within_reach

M = TypeVar("M", bound=Model)


def platform_reasons(actor: Actor, action: Action) -> Iterator[Reason]:
    """Reasons that hold everywhere. They need unlimited reach: a key of one team acts in that team only."""
    if actor.reach is not None:
        return
    if action in PLATFORM.get(actor.platform_role, ()):
        yield Reason("platform", actor.platform_role)
    for role, scope in actor.platform_roles_of(action):
        yield Reason("role", role, scope)


def reasons(actor: Actor, action: Action, obj: Any = None) -> Iterator[Reason]:
    """Why the actor may do this; nothing yielded means no."""
    yield from platform_reasons(actor, action)
    if obj is None:
        return
    for ownership in ownerships(type(obj), action, actor.platform_role):
        if ownership.owns(actor, obj):
            yield Reason("owner", ownership.name)
    for scope in scopes_for(obj, action):
        role = actor.roles.get(scope)
        if role and action in ROLES[scope[0]][role]:
            yield Reason("role", role, scope)
        if action in actor.grants.get(scope, ()):
            yield Reason("grant", action.value, scope)


def limits(actor: Actor, action: Action, obj: Any = None) -> Iterator[Limit]:
    """What holds the actor back, whatever reasons they have."""
    if not actor.active:
        yield Limit("inactive", f"{actor.label or 'The caller'} is blocked, expired or signed out.")
    if action not in CAPS.get(actor.platform_role, {action}):
        yield Limit("role_cap", f"The platform role only reads: it {MEANINGS[actor.platform_role]}.")
    elif role := forbidding_role(actor, action):
        yield Limit("role_cap", f"role_permissions do not let the role {role} do it.")
    if actor.actions_cap is not None and action not in actor.actions_cap:
        yield Limit("key_cap", "The key's own list of allowed actions does not include it.")
    if not within_reach(actor, action, obj):
        where = ", ".join(sorted(kind for kind, _ in actor.reach or ())) or "itself"
        yield Limit("reach", f"The key acts in its own {where} only.")


def capped_by_role(actor: Actor, action: Action) -> bool:
    return action not in CAPS.get(actor.platform_role, {action}) or bool(forbidding_role(actor, action))


def forbidding_role(actor: Actor, action: Action) -> str:
    """The role from which the configuration takes the action, by key, session or token; or nothing.

    The master key is bound by nothing but whoever holds it: it is the way back from a configuration that forbids all.
    """
    if actor.user is None and actor.key is None and not actor.token_role:
        return ""
    for role in (actor.platform_role, actor.token_role):
        if role and configured.forbids(role, action):
            return role
    return ""


def capped(actor: Actor, action: Action) -> bool:
    """Whether a cap forbids the action on every object."""
    return (
        not actor.active
        or capped_by_role(actor, action)
        or (actor.actions_cap is not None and action not in actor.actions_cap)
    )


def can(actor: Actor, action: Action, obj: Any = None) -> bool:
    """May the actor do this, to this row or (without one) on the platform?"""
    action = Action(action)
    if capped(actor, action) or not any(True for _ in reasons(actor, action, obj)):
        return False
    return within_reach(actor, action, obj)  # last: where a person stands takes a query, which most need not pay for


def require(actor: Actor, action: Action, obj: Any = None) -> None:
    """Raise PermissionDenied, carrying the explained decision, unless the actor can."""
    if not can(actor, action, obj):
        from rbacadmin.policy.explain import explain

        raise PermissionDenied(explain(actor, action, obj), obj)


def can_somewhere(actor: Actor, action: Action) -> bool:
    """Whether a role or grant gives the action anywhere: oneself is no place."""
    held = any(actor.scope_ids(kind, action) for kind in ROLES)
    return can(actor, action) or (held and not capped(actor, action))


def require_somewhere(actor: Actor, action: Action) -> None:
    """Raise PermissionDenied unless a role or grant gives the action anywhere: oneself is no list (USR-06)."""
    if not can_somewhere(actor, action):
        require(actor, action)


def require_all(actor: Actor, actions: Iterable[Action], scope: Any) -> None:
    """Nobody hands out what they do not hold (rulebook 11). Names the first missing action."""
    for action in sorted(actions):
        require(actor, Action(action), scope)


def branches(actor: Actor, action: Action, model: type[Model]) -> list[Q] | None:
    """The ways in which rows become visible, as filters that may overlap. None: everything within reach."""
    if any(True for _ in platform_reasons(actor, action)):
        return None
    owned = (ownership.where(actor) for ownership in ownerships(model, action, actor.platform_role))
    return [condition for condition in owned if condition is not None] + scope_filters(actor, action, model)


def sees_all(actor: Actor, action: Action) -> bool:
    """Whether `visible` leaves nothing out, whatever the model."""
    return not capped(actor, action) and any(True for _ in platform_reasons(actor, action))


def sight(actor: Actor, action: Action, model: type[Model]) -> Hashable:
    """All that `visible` depends on: actions of the same sight show the same rows of a model. None: they show none."""
    if capped(actor, action):
        return None
    reach = None if actor.reach is None else action  # a key's reach counts differently by action
    if any(True for _ in platform_reasons(actor, action)):
        return "everything", reach
    owned = tuple(ownerships(model, action, actor.platform_role))
    held = scope_sight(actor, action, model)
    if not owned and not held:
        return None
    return owned, held, reach


def visible(actor: Actor, action: Action, queryset: QuerySet[M]) -> QuerySet[M]:
    """The rows on which the actor can do the action. One statement, no duplicates."""
    action = Action(action)
    if capped(actor, action):
        return queryset.none()
    found = branches(actor, action, queryset.model)
    if found is not None:
        queryset = queryset.filter(functools.reduce(operator.or_, found)) if found else queryset.none()
    reach = reach_filter(actor, action, queryset.model)
    return queryset if reach is None else queryset.filter(reach)
