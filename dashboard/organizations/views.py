"""The screens of organizations: the list, one organization, and what is in it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dashboard.charts import spend_chart
from dashboard.counting import with_counts
from dashboard.history import history_of
from dashboard.keys.listing import KEYS
from dashboard.keys.listing import LISTING as KEY_LISTING
from dashboard.members.screens import summary
from dashboard.organizations.kind import INSIDE, LISTING, MEMBERS, ROWS, frame
from dashboard.projects.listing import LISTING as PROJECT_LISTING
from dashboard.projects.listing import inside as inside_projects
from dashboard.spending import spend_of, with_spend
from dashboard.teams.listing import LISTING as TEAM_LISTING
from dashboard.teams.listing import TEAMS
from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action
from rbacadmin.views import seen_owners


@require_GET
def organization_list(request: Request) -> HttpResponseBase:
    """The organizations that this person may see."""
    if request.GET.get("format") == "csv":
        return LISTING.export(request, ROWS)
    shown = LISTING.shown(request, ROWS)
    rows = with_counts(request.actor, with_spend(request.actor, shown.page.items), "organization", INSIDE)
    ticked = policy.can_somewhere(request.actor, Action.BLOCK_ORGANIZATIONS)
    context = {"list": shown, "page": shown.page, "organizations": rows, "ticked": ticked}
    return render(request, "orgs/organization_list.html", context)


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
    rows = TEAMS.filter(organization=organization)
    if request.GET.get("format") == "csv":
        return TEAM_LISTING.export(request, rows)
    shown = TEAM_LISTING.shown(request, rows)
    context = {"list": shown, "page": shown.page, "teams": with_spend(request.actor, shown.page.items)}
    return render(request, "orgs/organization_teams.html", {**frame(request, organization), **context})


@require_GET
def organization_projects(request: Request, pk: UUID) -> HttpResponseBase:
    """The projects in an organization that this person may see."""
    organization = found(request, pk)
    rows = organization.projects.select_related("organization")
    if request.GET.get("format") == "csv":
        return PROJECT_LISTING.export(request, rows)
    shown = PROJECT_LISTING.shown(request, rows)
    context = {"list": shown, "page": shown.page, "projects": inside_projects(request.actor, shown.page.items)}
    return render(request, "orgs/organization_projects.html", {**frame(request, organization), **context})


@require_GET
def organization_keys(request: Request, pk: UUID) -> HttpResponseBase:
    """The keys in an organization that this person may list."""
    organization = found(request, pk)
    rows = KEYS.filter(organization=organization)
    if request.GET.get("format") == "csv":
        return KEY_LISTING.export(request, rows)
    shown = KEY_LISTING.shown(request, rows)
    keys = with_spend(request.actor, shown.page.items)
    context = {"list": shown, "page": shown.page, "keys": keys, "seen_owners": seen_owners(request.actor, keys)}
    return render(request, "orgs/organization_keys.html", {**frame(request, organization), **context})


@require_GET
def organization_history(request: Request, pk: UUID) -> HttpResponse:
    """What happened to an organization, as far as this person may see it."""
    organization = found(request, pk)
    events = history_of(request.actor, organization, request.GET.get("after"))
    return render(request, "orgs/organization_history.html", {**frame(request, organization), "events": events})
