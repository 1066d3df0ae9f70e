"""The screens of organizations."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dashboard.searching import search
from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action


@require_GET
def organization_list(request: Request) -> HttpResponse:
    """The organizations that this person may see."""
    actor = request.actor
    query = request.GET.get("q", "")
    found = search(Organization.objects.all(), query)
    page = policy.page(actor, Action.SEE_ORGANIZATIONS, found, after=request.GET.get("after"))
    return render(request, "orgs/organization_list.html", {"page": page, "q": query})


@require_GET
def organization_detail(request: Request, pk: UUID) -> HttpResponse:
    """One organization with the teams, projects and people in it that this person may see."""
    actor = request.actor
    organization = policy.find(actor, Action.SEE_ORGANIZATIONS, Organization, pk)
    teams = organization.teams.all()
    members = organization.memberships.filter(team=None, project=None).select_related("user", "organization")
    context = {
        "organization": organization,
        "teams": policy.page(actor, Action.SEE_TEAMS, teams).items,
        "projects": policy.page(actor, Action.VIEW_PROJECTS, organization.projects.all()).items,
        "members": policy.page(actor, Action.VIEW_MEMBERS, members, order="created_at").items,
    }
    return render(request, "orgs/organization_detail.html", context)
