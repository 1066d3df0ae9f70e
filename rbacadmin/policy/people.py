"""The reverse look-up: who can do this? One statement, whether there are 60 people or 6,000."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet

from rbacadmin.policy import grants
from rbacadmin.policy.actions import Action
from rbacadmin.policy.actor import unexpired
from rbacadmin.policy.configured import forbids
from rbacadmin.policy.decision import ScopeKey
from rbacadmin.policy.ownership import Ownership, ownerships
from rbacadmin.policy.roles import CAPS, PLATFORM, PLATFORM_BY_ROLE, PLATFORM_ROLES, ROLES, SCOPED_ROLES
from rbacadmin.policy.subjects import scopes_for


@dataclass(frozen=True)
class Basis:
    """All that says who can do an action to a row, but for the grants: platform roles, roles, ownerships and caps."""

    platform: tuple[str, ...]
    elsewhere: tuple[tuple[str, UUID, str], ...]  # roles on a scope of their own that give it on the platform
    owned: tuple[tuple[Ownership, tuple[str, ...]], ...]
    scopes: tuple[ScopeKey, ...]
    roles: tuple[tuple[str, tuple[str, ...]], ...]
    capped: tuple[str, ...]


def basis(action: Action, obj: Any) -> Basis:
    scopes = tuple(scopes_for(obj, action)) if obj is not None else ()
    kinds = dict.fromkeys(kind for kind, _ in scopes)
    owned = ownerships(type(obj), action) if obj is not None else []
    return Basis(
        tuple(role for role in PLATFORM_ROLES if action in PLATFORM[role]),
        tuple(held for held, bundle in PLATFORM_BY_ROLE.items() if action in bundle),
        tuple((one, tuple(one.roles(action))) for one in owned if one.people),
        scopes,
        tuple((kind, tuple(role for role in SCOPED_ROLES[kind] if action in ROLES[kind][role])) for kind in kinds),
        tuple(role for role in PLATFORM_ROLES if action not in CAPS.get(role, {action}) or forbids(role, action)),
    )


def who(action: Action, obj: Any = None) -> QuerySet[Any]:
    """The people who, signed in themselves, can do the action to the row (or on the platform)."""
    action = Action(action)
    known = basis(action, obj)
    return holding(known, obj, holding_grant(known.scopes, action))


def holding(known: Basis, obj: Any, granted: Q) -> QuerySet[Any]:
    """The people to whom a role, ownership, or what is `granted` gives it."""
    people = get_user_model().objects.people().filter(blocked_by="")
    condition = Q(platform_role__in=known.platform)
    for kind, pk, role in known.elsewhere:
        condition |= holding_role([(kind, pk)], {kind: (role,)})
    for ownership, roles in known.owned:
        if ownership.people:
            condition |= ownership.people(obj) & Q(platform_role__in=roles)
    if known.scopes:
        condition |= holding_role(known.scopes, dict(known.roles)) | granted
    return people.filter(condition).exclude(platform_role__in=known.capped)


def who_alike(actions: Iterable[Action], obj: Any) -> list[tuple[list[Action], QuerySet[Any]]]:
    """`who` for several actions at once, those together that the same people may. A query for each kind of scope."""
    return [(same, holding(one, obj, in_groups(groups))) for (one, groups), same in by_basis(actions, obj).items()]


def alike(actions: Iterable[Action], obj: Any) -> list[list[Action]]:
    """The actions together that the same people may do to the row. A query for each kind of scope."""
    return list(by_basis(actions, obj).values())


def by_basis(actions: Iterable[Action], obj: Any) -> Mapping[tuple[Basis, frozenset[int]], list[Action]]:
    known = {action: basis(action, obj) for action in actions}
    granted = grants.groups_by_action({scope for one in known.values() for scope in one.scopes})
    found: dict[tuple[Basis, frozenset[int]], list[Action]] = defaultdict(list)
    for action, one in known.items():
        groups = frozenset(group for scope, group in granted.get(action, ()) if scope in one.scopes)
        found[one, groups].append(action)
    return found


def inner_scope(kind: str) -> Q:
    """Memberships of this kind of scope itself: those of a team or project name their organization too."""
    return {
        "organization": Q(team_id__isnull=True, project_id__isnull=True),
        "team": Q(project_id__isnull=True),
        "project": Q(),
    }[kind]


def holding_role(scopes: Iterable[ScopeKey], roles: Mapping[str, Sequence[str]]) -> Q:
    """People with one of the roles on one of the scopes themselves (not merely beneath them)."""
    condition = Q(pk__in=[])
    for kind, pk in scopes:
        condition |= inner_scope(kind) & Q(**{f"{kind}_id": pk, "role__in": roles.get(kind, ())})
    through = get_user_model().groups.through
    return Q(Exists(through._default_manager.filter(unexpired(), condition, user_id=OuterRef("pk"))))


def holding_grant(scopes: Iterable[ScopeKey], action: Action) -> Q:
    """People in a group that is granted the action on one of the scopes."""
    groups = grants.groups_granted(action, scopes)
    return in_groups(groups if groups is not None else ())


def in_groups(groups: Collection[int] | QuerySet[Any]) -> Q:
    """People in one of the groups."""
    if not isinstance(groups, QuerySet) and not groups:
        return Q(pk__in=[])
    through = get_user_model().groups.through
    return Q(Exists(through._default_manager.filter(unexpired(), group_id__in=groups, user_id=OuterRef("pk"))))
