"""Managing a team's members: add, change role, remove, with htmx and without."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rbacadmin import policy
from rbacadmin.errors import Conflict
from rbacadmin.forms import put_errors
from rbacadmin.policy import Action
from rbacadmin.views import respond
from teams.forms import AddMemberForm, RoleForm
from teams.models import Membership, Team
from teams.screens import members_context, team_context
from teams.services import add_member, change_member, remove_member

FRAGMENT = "teams/_members.html"


@require_http_methods(["GET", "POST"])
def members(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The members of a team; POST adds one."""
    actor = request.actor  # type: ignore[attr-defined]
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
def member(request: HttpRequest, pk: UUID, member: UUID) -> HttpResponseBase:
    """Change a member's role."""
    actor = request.actor  # type: ignore[attr-defined]
    membership = policy.find(
        actor, Action.MANAGE_MEMBERS, Membership.objects.filter(team_id=pk).select_related("team", "user"), member
    )
    form = RoleForm(request.POST)
    if not form.is_valid():
        return shown(request, membership.scope, error=" ".join(form.errors["role"]))
    try:
        changed = change_member(actor, membership, role=form.cleaned_data["role"])
    except Conflict as conflict:
        return shown(request, membership.scope, error=conflict.message, status=409)
    return done(
        request,
        membership.scope,
        _("%(person)s is now: %(role)s.") % {"person": changed.user.label, "role": changed.role_label},
    )


@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, pk: UUID, member: UUID) -> HttpResponseBase:
    """Ask, then remove a member. The page asks by itself when there is no JavaScript."""
    actor = request.actor  # type: ignore[attr-defined]
    membership = policy.find(
        actor, Action.MANAGE_MEMBERS, Membership.objects.filter(team_id=pk).select_related("team", "user"), member
    )
    if request.method == "GET":
        return render(request, "teams/member_remove.html", {"team": membership.scope, "membership": membership})
    try:
        remove_member(actor, membership)
    except Conflict as conflict:
        return shown(request, membership.scope, error=conflict.message, status=409)
    return done(request, membership.scope, _("%(person)s has left the team.") % {"person": membership.user.label})


def done(request: HttpRequest, team: Team, message: str) -> HttpResponseBase:
    context = members_context(request.actor, team)  # type: ignore[attr-defined]
    return respond(request, FRAGMENT, context, to=reverse("team-detail", args=(team.pk,)), message=message)


def shown(
    request: HttpRequest, team: Team, *, form: AddMemberForm | None = None, error: str = "", status: int = 422
) -> HttpResponse:
    """The fragment (or without htmx the page) again, with what was wrong."""
    actor = request.actor  # type: ignore[attr-defined]
    context = members_context(actor, team, form=form, error=error)
    if getattr(request, "htmx", False):
        return render(request, FRAGMENT, context, status=status)
    return render(request, "teams/team_detail.html", {**team_context(actor, team), **context}, status=status)
