"""The screens of organizations: the list, one organization, and what is in it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dashboard.charts import spend_chart
from dashboard.counting import with_counts
from dashboard.history import history_of
from dashboard.keys.listing import LISTED, table_of
from dashboard.keys.listing import LISTING as KEY_LISTING
from dashboard.members.screens import summary
from dashboard.organizations.kind import INSIDE, LISTING, MEMBERS, ROWS, frame
from dashboard.projects.listing import LISTING as PROJECT_LISTING
from dashboard.projects.listing import inside as inside_projects
from dashboard.spending import spend_of, with_spend
from dashboard.teams.listing import LISTING as TEAM_LISTING
from dashboard.teams.listing import TEAMS
from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action
from teams.models import Team


@require_GET
def organization_list(request: Request) -> HttpResponseBase:
    """The organizations that this person may see."""
    actor = request.actor

    def more(rows: Sequence[Organization]) -> dict[str, Any]:
        counted = with_counts(actor, with_spend(actor, rows), "organization", INSIDE)
        told = any(policy.can(actor, Action.VIEW_ORGANIZATIONS, row) for row in rows)
        ticked = policy.can_somewhere(actor, Action.BLOCK_ORGANIZATIONS)
        return {"organizations": counted, "told": told, "ticked": ticked}

    return LISTING.page_or_file(request, ROWS, "orgs/organization_list.html", more)


def found(request: Request, pk: UUID) -> Organization:
    return policy.find(request.actor, Action.SEE_ORGANIZATIONS, ROWS, pk)


@require_GET
def organization_detail(request: Request, pk: UUID) -> HttpResponse:
    """One organization: what it has spent and may, and since when it is there."""
    actor, organization = request.actor, found(request, pk)
    context: dict[str, Any] = {**frame(request, organization), "spend": spend_of(actor, organization)}
    if policy.can(actor, Action.VIEW_SPEND, organization):
        context["chart"] = spend_chart({"organization": [organization.pk]})
    context |= summary(request, MEMBERS, organization)
    return render(request, "orgs/organization_detail.html", context)


@require_GET
def organization_teams(request: Request, pk: UUID) -> HttpResponseBase:
    """The teams in an organization that this person may see."""
    organization = found(request, pk)

    def more(teams: Sequence[Team]) -> dict[str, Any]:
        return {**frame(request, organization), "teams": with_spend(request.actor, teams)}

    rows = TEAMS.filter(organization=organization)
    return TEAM_LISTING.page_or_file(request, rows, "orgs/organization_teams.html", more)


@require_GET
def organization_projects(request: Request, pk: UUID) -> HttpResponseBase:
    """The projects in an organization that this person may see."""
    organization = found(request, pk)

    def more(projects: Sequence[Project]) -> dict[str, Any]:
        return {**frame(request, organization), "projects": inside_projects(request.actor, projects)}

    rows = organization.projects.select_related("organization")
    return PROJECT_LISTING.page_or_file(request, rows, "orgs/organization_projects.html", more)


@require_GET
def organization_keys(request: Request, pk: UUID) -> HttpResponseBase:
    """The keys in an organization that this person may list."""
    organization = found(request, pk)

    def more(keys: Sequence[Key]) -> dict[str, Any]:
        return {**frame(request, organization), **table_of(request.actor, keys)}

    rows = LISTED.filter(organization=organization)
    return KEY_LISTING.page_or_file(request, rows, "orgs/organization_keys.html", more)


@require_GET
def organization_history(request: Request, pk: UUID) -> HttpResponse:
    """What happened to an organization, as far as this person may see it."""
    organization = found(request, pk)
    events = history_of(request.actor, organization, request.GET.get("after"))
    return render(request, "orgs/organization_history.html", {**frame(request, organization), "events": events})
