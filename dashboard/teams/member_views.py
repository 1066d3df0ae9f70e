"""Managing a team's members: add, change role, remove, with htmx and without."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.form_errors import put_errors
from dashboard.teams.forms import AddMemberForm, RoleForm
from dashboard.teams.screens import members_context, team_context
from rbacadmin import policy
from rbacadmin.errors import Conflict
from rbacadmin.http import Request
from rbacadmin.policy import Action
from rbacadmin.views import respond
from teams.models import Membership, Team
from teams.services import add_member, change_member, remove_member

FRAGMENT = "teams/_members.html"


@require_http_methods(["GET", "POST"])
def members(request: Request, pk: UUID) -> HttpResponseBase:
    """The members of a team; POST adds one."""
    actor = request.actor
    if request.method == "GET":
        return render(request, FRAGMENT, members_context(actor, policy.find(actor, Action.SEE_TEAMS, Team, pk)))
    team = policy.find(actor, Action.MANAGE_MEMBERS, Team, pk)
    form = AddMemberForm(request.POST)
    if form.is_valid():
        try:
            added = add_member(actor, team, person=form.cleaned_data["email"], role=form.cleaned_data["role"])
        except ValidationError as error:
            put_errors(form, error, rename={"user_id": "email", "member": "email"})
        else:
            return done(request, team, _("%(person)s is now in the team.") % {"person": added.user.label})
    return shown(request, team, form=form)


@require_POST
def member(request: Request, pk: UUID, member: UUID) -> HttpResponseBase:
    """Change a member's role."""
    membership, team = membership_of(request, pk, member)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return shown(request, team, error=" ".join(str(problem) for problem in form.errors["role"]))
    try:
        changed = change_member(request.actor, membership, role=form.cleaned_data["role"])
    except Conflict as conflict:
        return shown(request, team, error=conflict.message, status=409)
    return done(
        request,
        team,
        _("%(person)s is now: %(role)s.") % {"person": changed.user.label, "role": changed.role_label},
    )


@require_http_methods(["GET", "POST"])
def remove(request: Request, pk: UUID, member: UUID) -> HttpResponseBase:
    """Ask, then remove a member. The page asks by itself when there is no JavaScript."""
    membership, team = membership_of(request, pk, member)
    if request.method == "GET":
        return render(request, "teams/member_remove.html", {"team": team, "membership": membership})
    try:
        remove_member(request.actor, membership)
    except Conflict as conflict:
        return shown(request, team, error=conflict.message, status=409)
    return done(request, team, _("%(person)s has left the team.") % {"person": membership.user.label})


def membership_of(request: Request, pk: UUID, member: UUID) -> tuple[Membership, Team]:
    """The membership that is to be changed, and its team."""
    team = policy.find(request.actor, Action.MANAGE_MEMBERS, Team, pk)
    rows = Membership.objects.filter(team=team).select_related("user")
    return policy.find(request.actor, Action.MANAGE_MEMBERS, rows, member), team


def done(request: Request, team: Team, message: str) -> HttpResponseBase:
    context = members_context(request.actor, team)
    return respond(request, FRAGMENT, context, to=reverse("team-detail", args=(team.pk,)), message=message)


def shown(
    request: Request, team: Team, *, form: AddMemberForm | None = None, error: str = "", status: int = 422
) -> HttpResponse:
    """The fragment (or without htmx the page) again, with what was wrong."""
    actor = request.actor
    context = members_context(actor, team, form=form, error=error)
    if request.htmx:
        return render(request, FRAGMENT, context, status=status)
    return render(request, "teams/team_detail.html", {**team_context(actor, team), **context}, status=status)
