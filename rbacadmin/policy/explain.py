"""A decision in words: for 403 bodies, the dashboard, the shell and `/access/explain`."""

from typing import Any

from django.db.models import Model

from rbacadmin.policy.actions import Action
from rbacadmin.policy.actor import Actor
from rbacadmin.policy.decision import Decision, Reason
from rbacadmin.policy.engine import can, limits, reasons, require, visible
from rbacadmin.policy.people import who
from rbacadmin.policy.roles import MEANINGS, PLATFORM, PLATFORM_ROLES, ROLES, SCOPED_ROLES
from rbacadmin.policy.scopes import scope_models
from rbacadmin.policy.subjects import scopes_for

NAMED = 5  # how many people an answer names


def explain(actor: Actor, action: Action, obj: Any = None, *, asker: Actor | None = None) -> Decision:
    """The decision on `actor`, told to `asker` (by default to the actor): it names only what the asker may see."""
    action = Action(action)
    asker = asker or actor
    allowed = can(actor, action, obj)
    told = tuple(with_end(actor, reason) for reason in reasons(actor, action, obj) if may_hear(asker, actor, reason))
    helpers = [] if allowed else visible(asker, Action.VIEW_PEOPLE, who(action, obj)).order_by("email", "pk")[:NAMED]
    return Decision(
        allowed=allowed,
        action=action,
        subject=actor.label or actor.principal,
        object=describe(obj),
        reasons=told,
        limits=tuple(limits(actor, action, obj)),
        who_could=tuple(person.label for person in helpers),
        roles_that_could=() if allowed else roles_that_could(action, obj),
    )


def explain_other(asker: Actor, person: Any, action: Action, obj: Any = None) -> Decision:
    """The decision on another person, for who may explain access there (rulebook 12). Raises PermissionDenied."""
    if asker.user_id != person.pk:
        require(asker, Action.EXPLAIN_ACCESS, person)
        require(asker, Action.EXPLAIN_ACCESS, obj)
    return explain(Actor.for_user(person), action, obj, asker=asker)


def may_hear(asker: Actor, actor: Actor, reason: Reason) -> bool:
    """Reasons about oneself are one's own; about others, those on scopes that the asker can see (rulebook 12)."""
    if reason.scope is None or asker.principal == actor.principal:
        return True
    kind, pk = reason.scope
    model: Any = scope_models()[kind]
    return visible(asker, model.view_action, model._default_manager.filter(pk=pk)).exists()


def with_end(actor: Actor, reason: Reason) -> Reason:
    """The reason with the moment at which it ends by itself: of several grants of one action, the last one's."""
    return reason._replace(until=actor.end_of(reason.kind, reason.name, reason.scope)) if reason.scope else reason


def roles_that_could(action: Action, obj: Any) -> tuple[str, ...]:
    """The roles, inner ones first, that carry the action here."""
    kinds = [kind for kind, _ in scopes_for(obj, action)] if isinstance(obj, Model) else []
    scoped = [
        f"{kind} {role}" for kind in reversed(kinds) for role in SCOPED_ROLES[kind] if action in ROLES[kind][role]
    ]
    return (*dict.fromkeys(scoped), *(role for role in PLATFORM_ROLES if action in PLATFORM[role]))


def describe(obj: Any) -> str:
    """A short name of a row: its kind and label."""
    return "" if obj is None else f"{obj._meta.verbose_name} '{getattr(obj, 'label', obj.pk)}'"


def meaning(role: str) -> str:
    """What a role is for, in one phrase."""
    return MEANINGS.get(role, role)
