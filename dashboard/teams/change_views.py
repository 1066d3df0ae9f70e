"""Making, changing and ending teams."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dashboard import as_call
from dashboard.access import effect
from dashboard.asking import ask, ask_first
from dashboard.context import home_of
from dashboard.form_pages import form_page, saved
from dashboard.teams import questions
from dashboard.teams.listing import TEAMS
from dashboard.teams.team_forms import MoveForm, NewTeamForm, TeamForm, organization_of
from gateway.resetting import reset_spend
from orgs.closing import delete_scopes
from rbacadmin import policy
from rbacadmin.blocking import block_scope, unblock_scope
from rbacadmin.http import Request
from rbacadmin.policy import Action
from teams.models import Team
from teams.services import create_team, move_team, update_team


@require_http_methods(["GET", "POST"])
def team_new(request: Request) -> HttpResponseBase:
    """Make a team, in an organization or (who may do so) in none."""
    policy.require_somewhere(request.actor, Action.CREATE_TEAMS)
    named = request.GET.get("organization")
    initial = {"organization": named if named is not None else home_of(request, Team, Action.CREATE_TEAMS)}
    form = NewTeamForm(request.POST or None, actor=request.actor, initial=initial)

    def make() -> Team:
        return create_team(request.actor, organization_of(request.actor, form), **form.values())

    if team := saved(request, form, make):
        messages.success(request, _("%(team)s is there. Now add its people.") % {"team": team.label})
        return redirect("team-detail", pk=team.pk)
    call = as_call.making(request, "team", form, organization_id=form["organization"].value())
    return form_page(request, form, title=_("New team"), button=_("Make the team"), back=reverse("team-list"),
                     back_label=_("Teams"), **call)  # fmt: skip


@require_http_methods(["GET", "POST"])
def team_edit(request: Request, pk: UUID) -> HttpResponseBase:
    """Change a team: its name and limits, each field as far as this person may."""
    team = policy.find(request.actor, Action.CHANGE_TEAMS, TEAMS, pk)
    form, back = TeamForm(request.POST or None, actor=request.actor, row=team), reverse("team-detail", args=(pk,))

    def save() -> Team:
        return update_team(request.actor, team, **form.changes())

    if saved(request, form, save):
        messages.success(request, _("The team was changed."))
        return redirect(back)
    told = effect.offered(request, form, lambda: effect.of_limits(request, team, save))
    return form_page(request, form, title=_("Change %(team)s") % {"team": team.label}, button=_("Save"), back=back,
                     back_label=team.label, **told, **as_call.changing(request, "team", form, team))  # fmt: skip


@require_http_methods(["GET", "POST"])
def team_move(request: Request, pk: UUID) -> HttpResponseBase:
    """Say what moves along, then move the team to another organization."""
    team = policy.find(request.actor, Action.MOVE_TEAMS, TEAMS, pk)
    form = MoveForm(request.POST or None, actor=request.actor, team=team)

    def move() -> Team:
        return move_team(request.actor, team, organization=organization_of(request.actor, form))

    if moved := saved(request, form, move):
        messages.success(request, questions.moved(moved))
        return redirect("team-detail", pk=pk)
    return ask(request, questions.move(team, form), status=422 if form.errors else 200)


@require_POST
def team_block(request: Request, pk: UUID) -> HttpResponseBase:
    """Block the team: calls through it are refused from this moment on."""
    team = block_scope(request.actor, policy.find(request.actor, Action.BLOCK_TEAMS, TEAMS, pk))
    messages.success(request, _("%(team)s is blocked.") % {"team": team.label})
    return redirect("team-detail", pk=pk)


@require_POST
def team_unblock(request: Request, pk: UUID) -> HttpResponseBase:
    """Lift the block of the team."""
    team = unblock_scope(request.actor, policy.find(request.actor, Action.BLOCK_TEAMS, TEAMS, pk))
    messages.success(request, _("%(team)s works again.") % {"team": team.label})
    return redirect("team-detail", pk=pk)


@require_http_methods(["GET", "POST"])
def team_reset(request: Request, pk: UUID) -> HttpResponseBase:
    """Ask, then set what the team spent in the running period back to nothing."""
    team = policy.find(request.actor, Action.RESET_SPEND, TEAMS, pk)
    if request.method == "GET":
        return ask(request, questions.reset(team))
    reset_spend(request.actor, team)
    messages.success(request, _("%(team)s begins this period anew.") % {"team": team.label})
    return redirect("team-detail", pk=pk)


@require_http_methods(["GET", "POST"])
def team_delete(request: Request, pk: UUID) -> HttpResponse | HttpResponseBase:
    """Ask, then delete: this cannot be undone, so the name is typed."""
    team = policy.find(request.actor, Action.DELETE_TEAMS, TEAMS, pk)
    if page := ask_first(request, questions.deletion(team), lambda: delete_scopes(request.actor, team)):
        return page
    messages.success(request, _("%(team)s was deleted.") % {"team": team.label})
    return redirect("team-list")
