"""Where a key lives, and which limits lie above it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.changes import parent
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.actor import unexpired
from teams.models import Membership, Team, User


def home_of(
    actor: Actor,
    owner: User | None,
    team: Team | None,
    project: Project | None,
    organization: Organization | None,
    *,
    unbound: bool = False,
) -> Organization | None:
    """The organization on a new key (rulebook 16): its team's or project's, else the one named, else its owner's only.

    An owner of several who names none gets a key without one, unless an organization's admin mints it: then the key
    acts in that organization only. Raises ValidationError when what is named does not fit together.
    """
    homes = {scope.organization_id for scope in (team, project) if scope is not None}
    if homes:
        if len(homes) > 1:
            raise ValidationError({"project_id": "The team and the project are of different organizations."})
        inner = team or project
        home = inner.organization if inner else None
        if organization is not None and organization != home:
            raise ValidationError({"organization_id": "Not the organization of the team or project named."})
        return home
    if owner is None:
        return organization
    belongs = Membership.objects.filter(unexpired(), user=owner, team=None, project=None)
    joined = Organization.objects.filter(pk__in=belongs.values("organization")).order_by("pk")
    if organization is not None:
        if not joined.filter(pk=organization.pk).exists():
            raise ValidationError({"organization_id": f"{owner} is not a member of that organization."})
        return organization
    if unbound:
        return None
    mine = owner.pk == actor.user_id or policy.can(actor, Action.CREATE_KEYS_FOR_OTHERS)
    candidates = list(joined if mine else policy.visible(actor, Action.CREATE_KEYS_FOR_OTHERS, joined))
    if len(candidates) == 1:
        return candidates[0]
    if len(candidates) > 1 and not mine:
        names = ", ".join(candidate.public_id for candidate in candidates)
        raise ValidationError({"organization_id": f"Name one of: {names}."})
    return None


def parents_of(key: Key, members: Mapping[Any, Membership] | None = None) -> list[tuple[str, Mapping[str, Any]]]:
    """The limit sets that bind a key (rulebook 15): member, team, project, organization; its owner's without a team.

    `members` are memberships by user and team id, for callers that have read those of many keys at once.
    """
    found: list[tuple[str, Mapping[str, Any]]] = []
    if key.team is not None:
        if members is not None:
            member = members.get((key.user_id, key.team_id))
        else:
            member = Membership.objects.filter(user=key.user, team=key.team).first() if key.user_id else None
        found += parent(member, "team member") + parent(key.team)
    elif key.user is not None:
        found += parent(key.user, "owner")
    return found + parent(key.project) + parent(key.organization)
