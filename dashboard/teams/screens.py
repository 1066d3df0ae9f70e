"""What the team's page shows, seen through the policy."""

from typing import Any

from django.utils.translation import gettext as _

from dashboard.charts import spend_chart
from dashboard.counting import with_counts
from dashboard.members.place import Place
from dashboard.members.screens import summary
from dashboard.sharing.listing import can_share
from dashboard.spending import spend_of
from dashboard.tabs import row_tabs
from dashboard.teams.listing import INSIDE, TEAMS
from dashboard.usage.within import may_see
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action
from teams.models import Team


def head_of(request: Request, team: Team) -> dict[str, Any]:
    """What stands above every section of the team's page."""
    actor = request.actor
    counts = with_counts(actor, [team], "team", INSIDE)[0].counts
    members = counts["members"] if policy.can(actor, Action.VIEW_MEMBERS, team) else None
    sections: list[tuple[Any, ...]] = [(_("Overview"), "team-detail"), (_("Members"), "team-members", members)]
    if policy.can(actor, Action.VIEW_TEAM_PERMISSIONS, team):
        sections.append((_("Permissions"), "team-permissions"))
    if can_share(actor, team):
        sections.append((_("Shared with"), "team-shared"))
    sections += [(_("Keys"), "team-keys", counts["keys"]), (_("Models"), "team-models")]
    if may_see(actor, team):
        sections.append((_("Usage"), "team-usage"))
    if policy.can(actor, Action.EXPLAIN_ACCESS, team):
        sections.append((_("Access"), "team-access"))
    sections.append((_("History"), "team-history"))
    return {"team": team, "organization": team.organization, "tabs": row_tabs(request, team, sections)}


MEMBERS = Place(
    kind="team",
    rows=TEAMS,
    see=Action.SEE_TEAMS,
    page="team-members",
    template="teams/team_members.html",
    frame="teams/team_base.html",
    context=head_of,
)


def page_context(request: Request, team: Team) -> dict[str, Any]:
    """The whole first section."""
    found = {**head_of(request, team), **summary(request, MEMBERS, team), "spend": spend_of(request.actor, team)}
    if policy.can(request.actor, Action.VIEW_SPEND, team):
        found["chart"] = spend_chart({"team": [team.pk]})
    return found
