"""What the team's page shows, seen through the policy."""

from typing import Any

from dashboard.members.place import Place
from dashboard.members.screens import members_context
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action, grants
from rbacadmin.views import seen_owners
from teams.models import Team
from teams.services.teams import MEMBER_ACTIONS


def team_context(request: Request, team: Team) -> dict[str, Any]:
    """The whole page, but for its members."""
    actor = request.actor
    keys = team.keys.select_related("user", "project", "organization")
    held = grants.on(team, team.group)
    permissions = [{"action": action, "label": action.label, "granted": action in held} for action in MEMBER_ACTIONS]
    listed = policy.page(actor, Action.LIST_KEYS, keys, size=10).items
    return {
        "team": team,
        "organization": team.organization,
        "permissions": permissions if policy.can(actor, Action.VIEW_TEAM_PERMISSIONS, team) else [],
        "keys": listed,
        "seen_owners": seen_owners(actor, listed),
    }


MEMBERS = Place(
    kind="team",
    rows=Team.objects.select_related("organization"),
    see=Action.SEE_TEAMS,
    page="team-detail",
    template="teams/team_detail.html",
    context=team_context,
)


def page_context(request: Request, team: Team) -> dict[str, Any]:
    """The whole page."""
    return {**team_context(request, team), **members_context(request, MEMBERS, team)}
