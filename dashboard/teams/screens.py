"""What the team's page shows, seen through the policy."""

from typing import Any

from dashboard.teams.forms import AddMemberForm
from rbacadmin import policy
from rbacadmin.policy import Action, Actor, Page, grants
from rbacadmin.views import seen_owners
from teams.models import Membership, Team
from teams.services.teams import MEMBER_ACTIONS


def members_context(actor: Actor, team: Team, *, form: AddMemberForm | None = None, error: str = "") -> dict[str, Any]:
    """The members fragment: the rows this person may see, and the form to add one."""
    return {
        "team": team,
        "members": members_of(actor, team).items,
        "form": form or AddMemberForm(),
        "roles": AddMemberForm.ROLES,
        "error": error,
    }


def members_of(actor: Actor, team: Team) -> Page[Membership]:
    """The memberships of a team that the actor may see; a member sees their own row."""
    rows = Membership.objects.filter(team=team).select_related("user", "team")
    return policy.page(actor, Action.VIEW_MEMBERS, rows, order="created_at", size=100)


def team_context(actor: Actor, team: Team) -> dict[str, Any]:
    """The whole page."""
    keys = team.keys.select_related("user", "project", "organization")
    held = grants.on(team, team.group)
    permissions = [{"action": action, "label": action.label, "granted": action in held} for action in MEMBER_ACTIONS]
    listed = policy.page(actor, Action.LIST_KEYS, keys, size=10).items
    return {
        **members_context(actor, team),
        "organization": team.organization,
        "permissions": permissions if policy.can(actor, Action.VIEW_TEAM_PERMISSIONS, team) else [],
        "keys": listed,
        "seen_owners": seen_owners(actor, listed),
    }
