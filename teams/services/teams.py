"""The verbs of teams."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from orgs.models import Organization
from orgs.services import open_scope, require_free_alias, require_free_id
from rbacadmin import audit, policy
from rbacadmin.changes import check_limits, parent, revise
from rbacadmin.defaults import fill
from rbacadmin.errors import Outlives
from rbacadmin.member_permissions import to_actions
from rbacadmin.model_names import NO_MODELS
from rbacadmin.policy import Action, Actor, grants
from rbacadmin.policy.roles import MEMBER_ACTIONS
from rbacadmin.service import service
from teams.models import Team

# The two rows that a new team starts with (seed 003, rulebook 19).
DEFAULT_PERMISSIONS = frozenset({Action.VIEW_KEYS, Action.CHECK_KEYS})


@service
def create_team(
    actor: Actor,
    organization: Organization | None = None,
    *,
    alias: str,
    public_id: str | None = None,
    permissions: frozenset[Action] | None = None,
    **values: Any,
) -> Team:
    """A new team, in an organization or (platform admins only) in none. Adds nobody who is not named.

    An id can be chosen by platform admins only: it is unique across organizations, and telling others that one is
    taken would tell them of a team they cannot see. Raises PermissionDenied, Duplicate, ValidationError.
    """
    policy.require(actor, Action.CREATE_TEAMS, organization)
    if public_id:
        policy.require(actor, Action.CREATE_TEAMS)
    team = Team(
        organization=organization,
        alias=alias,
        public_id=public_id or "",
        created_by=actor.label,
        updated_by=actor.label,
        **values,
    )
    require_free_alias(team, alias, organization=organization)
    require_free_id(team, public_id)
    fill(team, settings.TEAM_DEFAULTS, parent(organization))
    if permissions is None and settings.TEAM_DEFAULTS is not None:
        permissions = to_actions(settings.TEAM_DEFAULTS.team_member_permissions)
    open_scope(actor, team, parent(organization))
    grants.set_for(team, team.group, allowed(permissions))
    return team


def allowed(permissions: frozenset[Action] | None) -> frozenset[Action]:
    """None restores the two defaults, an empty set removes all (rulebook 19). Raises ValidationError."""
    wanted = DEFAULT_PERMISSIONS if permissions is None else permissions
    if unknown := wanted - set(MEMBER_ACTIONS):
        raise ValidationError({"team_member_permissions": f"Not for members: {', '.join(sorted(unknown))}."})
    return wanted


@service
def update_team(
    actor: Actor, team: Team, *, permissions: frozenset[Action] | None | str = "keep", **changes: Any
) -> Team:
    """Change the fields given (TEA-05 to TEA-11) and, unless "keep", what members may do with keys (TEP-02).

    A request is refused whole, never half applied (rulebook 1).
    """
    if "alias" in changes:
        require_free_alias(team, changes["alias"], organization=team.organization)
    revise(actor, team, changes, event="team.updated", parents=parent(team.organization))
    if not isinstance(permissions, str):
        set_member_permissions(actor, team, permissions=permissions)
    return team


@service
def set_member_permissions(actor: Actor, team: Team, *, permissions: frozenset[Action] | None) -> Team:
    """Say what the team's members may do with its keys; nobody gives away what they do not hold (rulebook 11).

    It has no end, so whoever holds it until a moment only takes away and adds nothing: Outlives.
    """
    policy.require(actor, Action.CHANGE_TEAM_PERMISSIONS, team)
    wanted = allowed(permissions)
    policy.require_all(actor, wanted, team)
    require_lasting(actor, team, wanted - grants.on(team, team.group))
    before = grants.set_for(team, team.group, wanted)
    if before != wanted:
        audit.record(
            actor,
            "team.permissions_updated",
            team,
            changed={"team_member_permissions": [sorted(before), sorted(wanted)]},
        )
    return team


def require_lasting(actor: Actor, team: Team, added: frozenset[Action]) -> None:
    """Raise Outlives for whoever can give the members something until a moment only."""

    def may(asker: Actor) -> None:
        policy.require(asker, Action.CHANGE_TEAM_PERMISSIONS, team)
        policy.require_all(asker, added, team)

    latest = policy.until(actor, may) if added else None
    if latest is not None:
        words = "what members may do has no end, so somebody who holds it without one adds to it."
        raise Outlives(latest, obj=team, field="team_member_permissions", words=words)


@service
def add_member_permissions(actor: Actor, team: Team, *, permissions: frozenset[Action]) -> Team:
    """Let the team's members do these things too."""
    return set_member_permissions(actor, team, permissions=grants.on(team, team.group) | permissions)


@service
def add_models(actor: Actor, team: Team, *, models: list[str]) -> Team:
    """Let the team use these models too (TEA-11).

    A team without a list has all that its organization has: to name some would take the others away, so it stays as
    it is. Raises ValidationError for what the organization does not have.
    """
    policy.require(actor, Action.CHANGE_TEAM_MODELS, team)
    if not team.models:
        wanted = Team(organization=team.organization, alias=team.alias, models=models)
        check_limits(wanted, parent(team.organization))
        return team
    kept = [name for name in team.models if name != NO_MODELS]
    return update_team(actor, team, models=list(dict.fromkeys([*kept, *models])))


@service
def remove_models(actor: Actor, team: Team, *, models: list[str]) -> Team:
    """Take these models from the team's list. Without the last one it has none, and not all of them again.

    From a team without a list they are taken from what its organization has at this moment. Raises ValidationError
    when that has none either: all but some cannot be said.
    """
    policy.require(actor, Action.CHANGE_TEAM_MODELS, team)
    held = team.models or (team.organization.models if team.organization else None)
    if not held:
        raise ValidationError({"models": "The team may use every model: name those that it keeps instead."})
    left = [name for name in held if name not in models]
    return update_team(actor, team, models=left or [NO_MODELS])
