"""What a decision may be about: how a row stands beneath scopes, declared by `scope_columns` on its model.

`scope_columns = {"organization": "organization_id", "team": "id"}` is all that a model says. The check compares the
ids it names, the list filters by the same columns, the reverse look-up and the explanation read them too. People
stand in scopes through memberships, so for them the columns are those of the membership.
"""

from collections.abc import Hashable, Iterable
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Exists, Model, OuterRef, Q

from rbacadmin.policy.actions import Action
from rbacadmin.policy.actor import Actor, scope_of, unexpired
from rbacadmin.policy.decision import ScopeKey
from rbacadmin.policy.ownership import Ownership, ownerships
from rbacadmin.policy.roles import CARRIED

KINDS = ("organization", "team", "project")

# What a scope's roles give over its people, whose rows belong to no scope (USR-05, EXP-02, INV-02).
OVER_PEOPLE = frozenset({Action.VIEW_PEOPLE, Action.EXPLAIN_ACCESS, Action.MANAGE_INVITATIONS})


@cache
def people() -> type[Model]:
    """The model of people; every decision asks whether it is about one, and looking the model up takes its time."""
    return get_user_model()


def is_person(model: type[Model]) -> bool:
    return model is people()


def all_scopes(obj: Model) -> list[ScopeKey]:
    """Every scope that the row stands in, outermost first. No query, but one for people."""
    if is_person(type(obj)):
        through = get_user_model().groups.through
        rows = through._default_manager.filter(unexpired(), user_id=obj.pk).values_list(
            "organization_id", "team_id", "project_id"
        )
        return sorted({(kind, pk) for row in rows for kind, pk in zip(KINDS, row, strict=True) if pk}, key=str)
    columns: dict[str, str] = getattr(obj, "scope_columns", {})
    return [(kind, pk) for kind in KINDS if kind in columns and (pk := getattr(obj, columns[kind]))]


def scopes_for(obj: Model, action: Action) -> list[ScopeKey]:
    """The scopes whose roles and grants count for this action on this row."""
    if is_person(type(obj)) and action not in OVER_PEOPLE:
        return []
    scopes = all_scopes(obj)
    if action not in CARRIED and is_merely_carried(obj):
        return [scope for scope in scopes if scope[0] != "organization"]
    return scopes


def is_merely_carried(obj: Model) -> bool:
    """A personal key: the organization on it pays and watches, but does not own."""
    columns = getattr(obj, "bound_columns", ())
    return bool(columns) and all(getattr(obj, column) is None for column in columns)


def scope_filters(actor: Actor, action: Action, model: type[Model]) -> list[Q]:
    """The same as `scopes_for`, as filters: one for each kind of scope that the actor holds something on."""
    ids = ids_for(actor, action, model)
    if is_person(model):
        return [in_scopes(ids)] if ids else []
    columns: dict[str, str] = getattr(model, "scope_columns", {})
    filters = []
    for kind, found in ids.items():
        condition = Q(**{f"{columns[kind]}__in": found})
        if kind == "organization" and (unbound := merely_carried(action, model)):
            condition &= ~Q(**{f"{column}__isnull": True for column in unbound})
        filters.append(condition)
    return filters


def scope_sight(actor: Actor, action: Action, model: type[Model]) -> Hashable:
    """All that `scope_filters` depends on, to be compared. Nothing when there are none."""
    ids = ids_for(actor, action, model)
    held = frozenset((kind, frozenset(found)) for kind, found in ids.items())
    return held and (held, "organization" in ids and merely_carried(action, model))


def ids_for(actor: Actor, action: Action, model: type[Model]) -> dict[str, set[UUID]]:
    """The scopes that the actor holds the action on, of the kinds that count for rows of this model."""
    if is_person(model):
        kinds: Iterable[str] = KINDS if action in OVER_PEOPLE else ()
    else:
        columns: dict[str, str] = getattr(model, "scope_columns", {})
        kinds = [kind for kind in KINDS if kind in columns]
    return {kind: found for kind in kinds if (found := actor.scope_ids(kind, action))}


def merely_carried(action: Action, model: type[Model]) -> tuple[str, ...]:
    """The columns of which one must be set for the organization to count (see `is_merely_carried`); mostly none."""
    return () if action in CARRIED else getattr(model, "bound_columns", ())


def in_scopes(ids: dict[str, set[UUID]]) -> Q:
    """People with a membership in one of the scopes, as one EXISTS."""
    through = get_user_model().groups.through
    condition = Q()
    for kind, found in ids.items():
        condition |= Q(**{f"{kind}_id__in": found})
    return Q(Exists(through._default_manager.filter(unexpired(), condition, user_id=OuterRef("pk"))))


def reach_filter(actor: Actor, action: Action, model: type[Model]) -> Q | None:
    """The actor's reach as a filter; None when it is unlimited."""
    if actor.reach is None:
        return None
    ids: dict[str, set[UUID]] = {}
    for kind, pk in actor.reach:
        ids.setdefault(kind, set()).add(pk)
    nothing = Q(pk__in=[])
    condition = nothing
    if is_person(model):
        condition |= in_scopes(ids) if ids else nothing
    else:
        columns: dict[str, str] = getattr(model, "scope_columns", {})
        for kind, found in ids.items():
            if kind in columns:
                condition |= Q(**{f"{columns[kind]}__in": found})
    if not action.is_read:
        return condition
    for ownership in reaching(actor, action, model):
        condition |= ownership.where(actor) or nothing
    return condition | self_filter(actor, model)


def within_reach(actor: Actor, action: Action, obj: Any) -> bool:
    """Whether the row lies within the actor's reach; oneself and the key may always be read."""
    if actor.reach is None:
        return True
    if obj is None:
        return False
    if action.is_read and is_self(actor, obj):
        return True
    if action.is_read and any(ownership.owns(actor, obj) for ownership in reaching(actor, action, type(obj))):
        return True
    return not actor.reach.isdisjoint(all_scopes(obj))


def reaching(actor: Actor, action: Action, model: type[Model]) -> list[Ownership]:
    """The ways of owning a row that count the reach themselves."""
    return [found for found in ownerships(model, action, actor.platform_role) if found.within_reach]


def is_self(actor: Actor, obj: Any) -> bool:
    """Whether the row is the asking person or the asking key."""
    return any(mine is not None and type(mine) is type(obj) and mine.pk == obj.pk for mine in (actor.user, actor.key))


def self_filter(actor: Actor, model: type[Model]) -> Q:
    """`is_self` as a filter."""
    return Q(pk__in=[mine.pk for mine in (actor.user, actor.key) if mine is not None and type(mine) is model])


def membership_scope(membership: Any) -> ScopeKey:
    """The scope in which a membership stands."""
    return scope_of(membership.organization_id, membership.team_id, membership.project_id)
