"""The screens of teams: the list, and one team's sections."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dashboard.context import narrowed
from dashboard.history import history_of
from dashboard.keys.listing import LISTED, table_of
from dashboard.spending import with_spend
from dashboard.teams.listing import TEAMS, listing_for
from dashboard.teams.screens import head_of, page_context
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action
from teams.models import Team


@require_GET
def team_list(request: Request) -> HttpResponseBase:
    """The teams that this person may see."""

    def more(teams: Sequence[Team]) -> dict[str, Any]:
        may_create = policy.can_somewhere(request.actor, Action.CREATE_TEAMS)
        return {"teams": with_spend(request.actor, teams), "may_create": may_create}

    listing, rows = listing_for(request.actor), narrowed(request, TEAMS)
    return listing.page_or_file(request, rows, "teams/team_list.html", more)


@require_GET
def team_detail(request: Request, pk: UUID) -> HttpResponse:
    """One team: what it may spend and use, and who is in it, as far as this person may see that."""
    team = policy.find(request.actor, Action.SEE_TEAMS, TEAMS, pk)
    return render(request, "teams/team_detail.html", page_context(request, team))


@require_GET
def team_keys(request: Request, pk: UUID) -> HttpResponse:
    """The keys of one team that this person may list."""
    team = policy.find(request.actor, Action.SEE_TEAMS, TEAMS, pk)
    page = policy.page(request.actor, Action.LIST_KEYS, LISTED.filter(team=team), after=request.GET.get("after"))
    found = {"page": page, **table_of(request.actor, page.items)}
    return section(request, team, "teams/team_keys.html", found)


@require_GET
def team_history(request: Request, pk: UUID) -> HttpResponse:
    """What happened to one team, as far as this person may see it."""
    team = policy.find(request.actor, Action.SEE_TEAMS, TEAMS, pk)
    events = history_of(request.actor, team, request.GET.get("after"))
    return section(request, team, "teams/team_history.html", {"events": events})


def section(request: Request, team: Team, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A section of the team's page, under its head."""
    return render(request, template, {**head_of(request, team), **context}, status=status)
