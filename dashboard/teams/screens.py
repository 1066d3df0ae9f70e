"""What the team's page shows, seen through the policy."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dashboard.members.place import Place
from dashboard.members.screens import members_context
from dashboard.spending import spend_of
from dashboard.tabs import tabs
from dashboard.teams.listing import TEAMS
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action
from teams.models import Team


def head_of(request: Request, team: Team) -> dict[str, Any]:
    """What stands above every section of the team's page."""
    sections = [
        (_("Overview"), "team-detail"),
        (_("Keys"), "team-keys"),
        (_("Models"), "team-models"),
        (_("History"), "team-history"),
    ]
    if policy.can(request.actor, Action.VIEW_TEAM_PERMISSIONS, team):
        sections.insert(1, (_("Permissions"), "team-permissions"))
    found = tabs(request, [(label, reverse(name, args=(team.pk,))) for label, name in sections])
    return {"team": team, "organization": team.organization, "tabs": found}


def team_context(request: Request, team: Team) -> dict[str, Any]:
    """The first section, but for its members."""
    return {**head_of(request, team), "spend": spend_of(request.actor, team)}


MEMBERS = Place(
    kind="team",
    rows=TEAMS,
    see=Action.SEE_TEAMS,
    page="team-detail",
    template="teams/team_detail.html",
    context=team_context,
)


def page_context(request: Request, team: Team) -> dict[str, Any]:
    """The whole first section."""
    return {**team_context(request, team), **members_context(request, MEMBERS, team)}
