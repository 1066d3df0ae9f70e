"""How organizations are listed and shown."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.counting import with_counts
from dashboard.listing import Column, Listing
from dashboard.members.place import Place
from dashboard.organizations.forms import OrganizationForm
from dashboard.scopes.kind import Kind
from dashboard.scopes.listing import LIMIT_COLUMNS, ORDERS, filters
from dashboard.sharing.listing import can_share
from dashboard.spending import with_spend
from dashboard.tabs import row_tabs
from dashboard.usage.within import may_see
from keys.models import Key
from orgs.models import Organization, Project
from orgs.services import update_organization
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action
from teams.models import Membership, Team

ROWS = Organization.objects.all()
INSIDE = {
    "members": (Membership.objects.filter(team=None, project=None), Action.VIEW_MEMBERS),
    "teams": (Team.objects.all(), Action.SEE_TEAMS),
    "projects": (Project.objects.all(), Action.VIEW_PROJECTS),
    "keys": (Key.objects.all(), Action.LIST_KEYS),
}
LISTING: Listing[Organization] = Listing(
    name="organizations",
    title=gettext_lazy("Organizations"),
    action=Action.SEE_ORGANIZATIONS,
    orders=ORDERS,
    filters=filters(Action.VIEW_ORGANIZATIONS),
    columns=(
        Column("id", "public_id", lambda organization: organization.public_id),
        Column("name", "alias", lambda organization: organization.alias),
        *LIMIT_COLUMNS,
    ),
    prepare=with_spend,
)
KIND = Kind(
    name="organization",
    rows=ROWS,
    change=Action.CHANGE_ORGANIZATIONS,
    block=Action.BLOCK_ORGANIZATIONS,
    end=Action.DELETE_ORGANIZATIONS,
    form=OrganizationForm,
    update=update_organization,
    inside=INSIDE,
    listing=lambda actor: LISTING,
)


def frame(request: Request, organization: Organization) -> dict[str, Any]:
    """What every page about an organization needs: itself and its sections, with how much is in each."""
    counts = with_counts(request.actor, [organization], "organization", INSIDE)[0].counts
    members = counts["members"] if policy.can(request.actor, Action.VIEW_MEMBERS, organization) else None
    sections = [
        (_("Overview"), "detail", None),
        (_("Members"), "members", members),
        (_("Teams"), "teams", counts["teams"]),
        (_("Projects"), "projects", counts["projects"]),
        (_("Keys"), "keys", counts["keys"]),
    ]
    if can_share(request.actor, organization):
        sections.append((_("Shared with"), "shared", None))
    if may_see(request.actor, organization):
        sections.append((_("Usage"), "usage", None))
    if policy.can(request.actor, Action.EXPLAIN_ACCESS, organization):
        sections.append((_("Access"), "access", None))
    if policy.can(request.actor, Action.VIEW_AUDIT, organization):
        sections.append((_("History"), "history", None))
    named = [(label, f"organization-{name}", count) for label, name, count in sections]
    return {"organization": organization, "tabs": row_tabs(request, organization, named)}


MEMBERS = Place(
    kind="organization",
    rows=ROWS,
    see=Action.SEE_ORGANIZATIONS,
    page="organization-members",
    template="orgs/organization_members.html",
    frame="orgs/organization.html",
    context=frame,
)
