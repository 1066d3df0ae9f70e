"""The screens of projects: the list, one project, and what is in it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dashboard.charts import spend_chart
from dashboard.context import narrowed
from dashboard.history import history_of
from dashboard.keys.listing import LISTED, table_of
from dashboard.keys.listing import LISTING as KEY_LISTING
from dashboard.members.screens import summary
from dashboard.projects.kind import MEMBERS, frame
from dashboard.projects.listing import ROWS, inside, listing_for
from dashboard.row_forms import who_helps
from dashboard.spending import spend_of
from keys.models import Key
from orgs.models import Project
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action

PLACE = Action.CHANGE_PROJECT_PLACEMENT
# All of these keys are of one kind: a filter by kind would have one answer.
PEOPLES_KEYS = replace(KEY_LISTING, filters=tuple(one for one in KEY_LISTING.filters if one.name != "kind"))


@require_GET
def project_list(request: Request) -> HttpResponseBase:
    """The projects that this person may see."""
    actor = request.actor

    def more(projects: Sequence[Project]) -> dict[str, Any]:
        return {
            "projects": inside(actor, projects),
            "ticked": policy.can_somewhere(actor, Action.BLOCK_PROJECTS),
            "may_create": policy.can_somewhere(actor, Action.CREATE_PROJECTS),
        }

    return listing_for(actor).page_or_file(request, narrowed(request, ROWS), "projects/project_list.html", more)


def found(request: Request, pk: UUID) -> Project:
    return policy.find(request.actor, Action.VIEW_PROJECTS, ROWS, pk)


@require_GET
def project_detail(request: Request, pk: UUID) -> HttpResponse:
    """One project: what it has spent and may, and where its jobs run."""
    actor, project = request.actor, found(request, pk)
    context: dict[str, Any] = {
        **frame(request, project),
        **summary(request, MEMBERS, project),
        "spend": spend_of(actor, project),
        "place_help": who_helps(actor, PLACE, project) if not policy.can(actor, PLACE, project) else "",
    }
    if policy.can(actor, Action.VIEW_SPEND, project):
        context["chart"] = spend_chart({"project": [project.pk]})
    return render(request, "projects/project_detail.html", context)


@require_GET
def project_keys(request: Request, pk: UUID) -> HttpResponseBase:
    """The keys of people in a project; those of programs are with their service accounts."""
    project = found(request, pk)
    rows = LISTED.filter(project=project).exclude(kind=Key.Kind.SERVICE)

    def more(keys: Sequence[Key]) -> dict[str, Any]:
        return {**frame(request, project), **table_of(request.actor, keys)}

    return PEOPLES_KEYS.page_or_file(request, rows, "projects/project_keys.html", more)


@require_GET
def project_history(request: Request, pk: UUID) -> HttpResponse:
    """What happened to a project, as far as this person may see it."""
    project = found(request, pk)
    events = history_of(request.actor, project, request.GET.get("after"))
    return render(request, "projects/project_history.html", {**frame(request, project), "events": events})
