"""The reverse look-up: who can do this? One statement, whether there are 60 people or 6,000."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet

from rbacadmin.policy import grants
from rbacadmin.policy.actions import Action
from rbacadmin.policy.actor import unexpired
from rbacadmin.policy.configured import forbids
from rbacadmin.policy.decision import ScopeKey
from rbacadmin.policy.ownership import ownerships
from rbacadmin.policy.roles import CAPS, PLATFORM, PLATFORM_BY_ROLE, PLATFORM_ROLES, ROLES
from rbacadmin.policy.subjects import scopes_for


def who(action: Action, obj: Any = None) -> QuerySet[Any]:
    """The people who, signed in themselves, can do the action to the row (or on the platform)."""
    action = Action(action)
    people = get_user_model()._default_manager.filter(blocked_by="", kind="person")
    condition = Q(platform_role__in=[role for role in PLATFORM_ROLES if action in PLATFORM[role]])
    for scope_kind, pk, role in PLATFORM_BY_ROLE:
        if action in PLATFORM_BY_ROLE[scope_kind, pk, role]:
            condition |= holding_role([(scope_kind, pk)], {scope_kind: [role]})
    if obj is not None:
        for ownership in ownerships(type(obj), action):
            if ownership.people:
                condition |= ownership.people(obj) & Q(platform_role__in=ownership.roles(action))
        scopes = scopes_for(obj, action)
        condition |= holding_role(
            scopes, {kind: [r for r, bundle in roles.items() if action in bundle] for kind, roles in ROLES.items()}
        )
        condition |= holding_grant(scopes, action)
    capped = [role for role in PLATFORM_ROLES if action not in CAPS.get(role, {action}) or forbids(role, action)]
    return people.filter(condition).exclude(platform_role__in=capped)


def holding_role(scopes: list[ScopeKey], roles: dict[str, list[str]]) -> Q:
    """People with one of the roles on one of the scopes themselves (not merely beneath them)."""
    condition = Q(pk__in=[])
    for kind, pk in scopes:
        inner = {
            "organization": Q(team_id__isnull=True, project_id__isnull=True),
            "team": Q(project_id__isnull=True),
            "project": Q(),
        }[kind]
        condition |= inner & Q(**{f"{kind}_id": pk, "role__in": roles.get(kind, [])})
    through = get_user_model().groups.through
    return Q(Exists(through._default_manager.filter(unexpired(), condition, user_id=OuterRef("pk"))))


def holding_grant(scopes: list[ScopeKey], action: Action) -> Q:
    """People in a group that is granted the action on one of the scopes."""
    groups = grants.groups_granted(action, scopes)
    if groups is None:
        return Q(pk__in=[])
    through = get_user_model().groups.through
    return Q(Exists(through._default_manager.filter(unexpired(), group_id__in=groups, user_id=OuterRef("pk"))))
