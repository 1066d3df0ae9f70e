"""The verbs of teams."""

from typing import Any

from django.core.exceptions import ValidationError

from orgs.models import Organization
from orgs.services import open_scope, require_free_alias, require_free_id
from rbacadmin import audit, policy
from rbacadmin.changes import parent, revise
from rbacadmin.policy import Action, Actor, grants
from rbacadmin.service import service
from teams.models import Team

# The two rows that a new team starts with (seed 003, rulebook 19).
DEFAULT_PERMISSIONS = frozenset({Action.VIEW_KEYS, Action.CHECK_KEYS})

# What a team's own group can be granted: the ten key routes of seed 003, in its order.
MEMBER_ACTIONS = (
    *(Action.VIEW_KEYS, Action.CHECK_KEYS, Action.LIST_KEYS, Action.CREATE_KEYS, Action.CREATE_SERVICE_KEYS),
    *(Action.UPDATE_KEYS, Action.DELETE_KEYS, Action.REGENERATE_KEYS, Action.BLOCK_KEYS, Action.UNBLOCK_KEYS),
)


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
    """Say what the team's members may do with its keys; nobody gives away what they do not hold (rulebook 11)."""
    policy.require(actor, Action.CHANGE_TEAM_PERMISSIONS, team)
    wanted = allowed(permissions)
    policy.require_all(actor, wanted, team)
    before = grants.set_for(team, team.group, wanted)
    if before != wanted:
        audit.record(
            actor,
            "team.permissions_updated",
            team,
            changed={"team_member_permissions": [sorted(before), sorted(wanted)]},
        )
    return team
