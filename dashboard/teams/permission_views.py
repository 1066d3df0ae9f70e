"""What a team's members may do with its keys: a table to read, and to change for those who may."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard.access import effect
from dashboard.access.granting import granting
from dashboard.teams.listing import TEAMS
from dashboard.teams.permissions import permissions_of
from dashboard.teams.team_forms import PermissionsForm
from dashboard.teams.views import section
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action
from teams.services import set_member_permissions


@require_http_methods(["GET", "POST"])
def team_permissions(request: Request, pk: UUID) -> HttpResponseBase:
    """All ten, each with what it means; POST sets them."""
    if request.method == "GET":
        team = policy.find(request.actor, Action.VIEW_TEAM_PERMISSIONS, TEAMS, pk)
        return section(request, team, "teams/team_permissions.html", {"permissions": permissions_of(team)})
    team = policy.find(request.actor, Action.CHANGE_TEAM_PERMISSIONS, TEAMS, pk)
    form = PermissionsForm(request.POST)
    if not form.is_valid():
        context = {"permissions": permissions_of(team), "error": _("There is no such permission.")}
        return section(request, team, "teams/team_permissions.html", context, status=422)
    if effect.asked(request):
        change = partial(set_member_permissions, request.actor, team, permissions=form.actions())
        told = {"permissions": permissions_of(team, form.actions()), "granting": granting(request.actor, team, change)}
        return section(request, team, "teams/team_permissions.html", told)
    set_member_permissions(request.actor, team, permissions=form.actions())
    messages.success(request, _("What members may do was saved. It holds from now on."))
    return redirect("team-permissions", pk=pk)
