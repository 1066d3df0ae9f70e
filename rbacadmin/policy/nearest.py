"""Whom to ask: the people nearest to rows who can do something to them, for many rows at once."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Q

from rbacadmin.policy.actions import Action
from rbacadmin.policy.actor import Actor, scope_of, unexpired
from rbacadmin.policy.decision import ScopeKey
from rbacadmin.policy.engine import can, visible
from rbacadmin.policy.people import inner_scope
from rbacadmin.policy.roles import ROLES
from rbacadmin.policy.subjects import is_person, scopes_for


def nearest(asker: Actor, asked: Sequence[tuple[Action, Any]]) -> list[list[Any]]:
    """For each action and row the people whom the asker sees and who can do it: the owner, then by the innermost role.

    Whoever may by a platform role or a grant alone is left out: `who` names everybody. Two queries, for any number of
    rows.
    """
    scopes = [scopes_for(row, action) for action, row in asked]
    owners = {owner for _, row in asked if (owner := owner_of(row))}
    roles: dict[UUID, dict[ScopeKey, str]] = defaultdict(dict)
    for user, scope, role in held(
        {scope for each in scopes for scope in each}, {action for action, _ in asked}, owners
    ):
        roles[user][scope] = role
    people = get_user_model().objects.people().filter(pk__in={*roles, *owners}, blocked_by="")
    seen = visible(asker, Action.VIEW_PEOPLE, people).order_by("email", "pk")
    actors = {
        one.pk: Actor(f"user:{one.pk}", one.label, one.platform_role, roles=roles[one.pk], user=one) for one in seen
    }
    standing: dict[ScopeKey, list[UUID]] = defaultdict(list)
    for pk, actor in actors.items():
        for scope in actor.roles:
            standing[scope].append(pk)
    found = []
    for (action, row), inner in zip(asked, scopes, strict=True):
        close = dict.fromkeys([owner_of(row), *(pk for scope in reversed(inner) for pk in standing[scope])])
        found.append([actors[pk].user for pk in close if pk in actors and can(actors[pk], action, row)])
    return found


def owner_of(row: Any) -> UUID | None:
    """The person whose row it is; of a person, themselves."""
    found: UUID | None = row.pk if is_person(type(row)) else getattr(row, "user_id", None)
    return found


def held(scopes: set[ScopeKey], actions: set[Action], owners: set[UUID]) -> list[tuple[UUID, ScopeKey, str]]:
    """Roles on these scopes that carry one of the actions, and the owners' whatever they carry. One query."""
    here = Q(pk__in=[])
    for kind in {kind for kind, _ in scopes}:
        carrying = [role for role, bundle in ROLES[kind].items() if not actions.isdisjoint(bundle)]
        ids = [pk for known, pk in scopes if known == kind]
        here |= inner_scope(kind) & Q(**{f"{kind}_id__in": ids}) & (Q(role__in=carrying) | Q(user_id__in=owners))
    rows = get_user_model().groups.through._default_manager.filter(unexpired(), here)
    return [
        (user, scope_of(organization, team, project), role)
        for user, organization, team, project, role in rows.values_list(
            "user_id", "organization_id", "team_id", "project_id", "role"
        )
    ]
