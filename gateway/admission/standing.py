"""Whether the holder of a key may call models at all, before any list or limit: one answer, made of the policy's."""

from collections.abc import Iterable

from gateway.admission.refusals import Refusal, blocked, calls_nothing
from gateway.levels import Level
from keys.models import Key
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.engine import capped
from rbacadmin.policy.held import end_of

SCOPES = ("organization", "team", "project")  # the outermost first


def blocked_level(levels: Iterable[Level]) -> Refusal | None:
    """The block of a scope that the calls come from."""
    by_kind = {level.kind: level.row for level in levels}
    for kind in SCOPES:
        if (scope := by_kind.get(kind)) is not None and scope.blocked:
            return blocked(kind, scope.public_id, str(scope.pk))
    return None


def refused_to_key(key: Key, actor: Actor) -> Refusal | None:
    """Why a key calls no model, or None (rulebook 4, 15, 16). `actor` is the key's."""
    if may_call(key, actor):
        return None
    if key.is_session:
        return calls_nothing("A sign-in from a terminal calls no model: make a key for that.", "key", str(key.pk))
    scope = next((one for one in (key.team, key.project, key.organization) if one is not None), None)
    decision = policy.explain(actor, Action.CALL_MODELS, scope)
    if not decision.limits and key.user is not None and scope is None:
        return calls_nothing("This key belongs to no organization, so it calls no model.", "key", str(key.pk))
    level = "user" if key.user_id and key.actions is None else "key"
    pk = key.user_id if level == "user" else key.pk
    return calls_nothing(f"Not allowed to call models. {decision.summary()}", level, str(pk))


def may_call(key: Key, actor: Actor) -> bool:
    """Whether the policy lets this key call models: in its team and project; else in its organization, else anywhere.

    A personal key in an organization calls models as long as its owner belongs there; a proxy admin's own key that is
    bound to nothing, and one that belongs to nobody and to nothing, call models on the platform.
    """
    if key.kind in (Key.Kind.GATEWAY, Key.Kind.TERMINAL) or capped(actor, Action.CALL_MODELS):
        return False
    bound = [scope for scope in (key.team, key.project) if scope is not None]
    if bound:
        return all(policy.can(actor, Action.CALL_MODELS, scope) for scope in bound)
    if key.organization is not None:
        return actor.user is None or ("organization", key.organization.pk) in actor.roles
    return key.user_id is None or policy.can(actor, Action.CALL_MODELS)


def ends_of_grants(actor: Actor) -> list[float]:
    """When what was shared with the caller's teams ends, as far as it was asked for."""
    end = end_of(actor.grants)
    return [] if end is None else [end.timestamp()]
