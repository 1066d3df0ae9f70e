"""The screens of teams."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dashboard.searching import search
from dashboard.teams.screens import page_context
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action
from teams.models import Team


@require_GET
def team_list(request: Request) -> HttpResponse:
    """The teams that this person may see."""
    actor = request.actor
    query = request.GET.get("q", "")
    found = search(Team.objects.select_related("organization"), query)
    page = policy.page(actor, Action.SEE_TEAMS, found, after=request.GET.get("after"))
    return render(request, "teams/team_list.html", {"page": page, "q": query})


@require_GET
def team_detail(request: Request, pk: UUID) -> HttpResponse:
    """One team: members, what they may do with keys, and its keys, as far as this person may see them."""
    team = policy.find(request.actor, Action.SEE_TEAMS, Team.objects.select_related("organization"), pk)
    return render(request, "teams/team_detail.html", page_context(request, team))
