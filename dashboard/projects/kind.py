"""How a project is shown and changed."""

from typing import Any

from django.utils.translation import gettext as _

from dashboard.counting import with_counts
from dashboard.members.place import Place
from dashboard.projects.forms import ProjectForm
from dashboard.projects.listing import ALONG, INSIDE, ROWS, listing_for
from dashboard.scopes.kind import Kind
from dashboard.sharing.listing import can_share
from dashboard.tabs import row_tabs
from dashboard.usage.within import may_see
from orgs.models import Project
from orgs.services import update_project
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action

KIND = Kind(
    name="project",
    rows=ROWS,
    change=Action.CHANGE_PROJECTS,
    block=Action.BLOCK_PROJECTS,
    end=Action.DELETE_PROJECTS,
    form=ProjectForm,
    update=update_project,
    inside=ALONG,
    listing=listing_for,
)


def frame(request: Request, project: Project) -> dict[str, Any]:
    """What every page about a project needs: itself and its sections, with how much is in each."""
    counts = with_counts(request.actor, [project], "project", INSIDE)[0].counts
    members = counts["members"] if policy.can(request.actor, Action.VIEW_MEMBERS, project) else None
    sections = [
        (_("Overview"), "detail", None),
        (_("Members"), "members", members),
        (_("Keys"), "keys", counts["keys"]),
        (_("Service accounts"), "service-accounts", counts["service_accounts"]),
    ]
    if can_share(request.actor, project):
        sections.append((_("Shared with"), "shared", None))
    if may_see(request.actor, project):
        sections.append((_("Usage"), "usage", None))
    if policy.can(request.actor, Action.EXPLAIN_ACCESS, project):
        sections.append((_("Access"), "access", None))
    if policy.can(request.actor, Action.VIEW_AUDIT, project):
        sections.append((_("History"), "history", None))
    named = [(label, f"project-{name}", count) for label, name, count in sections]
    return {"project": project, "tabs": row_tabs(request, project, named)}


MEMBERS = Place(
    kind="project",
    rows=ROWS,
    see=Action.VIEW_PROJECTS,
    page="project-members",
    template="projects/project_members.html",
    frame="projects/project.html",
    context=frame,
)
