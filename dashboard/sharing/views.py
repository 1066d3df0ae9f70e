"""With which teams a scope is shared, and what that lets their members do: to read, to begin, to change, to end."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from dashboard.access import effect
from dashboard.access.granting import Granting, granting
from dashboard.asking import Question, ask
from dashboard.form_pages import form_page, saved
from dashboard.members.place import Place
from dashboard.sharing.forms import CHOSEN, NewShareForm, ShareForm
from dashboard.sharing.listing import role_of, shares, teams_of
from rbacadmin import policy
from rbacadmin.errors import NotFound
from rbacadmin.http import Request
from rbacadmin.policy import Action, grants
from rbacadmin.policy.roles import GRANTABLE
from teams.models import Team
from teams.services import share_scope, unshare_scope


@require_GET
def shared(request: Request, place: Place, pk: UUID) -> HttpResponse:
    """The teams, what their members may do here, since when and by whom."""
    scope = policy.find(request.actor, place.see, place.rows, pk)
    policy.require(request.actor, Action.VIEW_MEMBERS, scope)
    page, rows = shares(request.actor, scope, request.GET.get("after"))
    context = {**place.context(request, scope), "frame": place.frame, "scope": scope, "page": page, "rows": rows}
    return render(request, "sharing/shared.html", context)


@require_http_methods(["GET", "POST"])
def new(request: Request, place: Place, pk: UUID) -> HttpResponseBase:
    """Begin to share with a team."""
    scope = policy.find(request.actor, Action.MANAGE_MEMBERS, place.rows, pk)
    form = NewShareForm(request.POST or None, actor=request.actor, scope=scope)
    title = _("Share %(name)s with a team") % {"name": scope.label}
    return edited(request, place, scope, form, title)


@require_http_methods(["GET", "POST"])
def change(request: Request, place: Place, pk: UUID, team: UUID) -> HttpResponseBase:
    """Change what a team's members may do."""
    scope = policy.find(request.actor, Action.MANAGE_MEMBERS, place.rows, pk)
    found = team_with(scope, team)
    given = grants.given(scope, [found.group_id])[found.group_id]
    level = role_of(scope.kind, given.actions) or CHOSEN
    initial = {"level": level, "actions": sorted(given.actions), "expires_at": given.expires_at}
    form = ShareForm(request.POST or None, actor=request.actor, scope=scope, initial=initial)
    title = _("What %(team)s may do in %(name)s") % {"team": name_of(request, found), "name": scope.label}
    return edited(request, place, scope, form, title, found)


@require_http_methods(["GET", "POST"])
def end(request: Request, place: Place, pk: UUID, team: UUID) -> HttpResponseBase:
    """Ask, and say who loses what; then share with the team no longer."""
    scope = policy.find(request.actor, Action.MANAGE_MEMBERS, place.rows, pk)
    found, back = team_with(scope, team), reverse(f"{place.kind}-shared", args=(pk,))
    withdraw = partial(unshare_scope, request.actor, scope, team=found)
    if request.method == "GET":
        told = granting(request.actor, scope, withdraw, GRANTABLE[scope.kind])
        words = {"name": scope.label, "team": name_of(request, found)}
        kept = _("Keys that they made in it stay, and call nothing until it is shared with them again.")
        question = Question(
            _("Share %(name)s with %(team)s no longer?") % words, [*losses(told), kept], _("Stop sharing"), back
        )
        return ask(request, question)
    withdraw()
    messages.success(request, _("%(name)s is not shared with the team any more.") % {"name": scope.label})
    return redirect(back)


def edited(
    request: Request, place: Place, scope: Any, form: ShareForm, title: str, team: Team | None = None
) -> HttpResponseBase:
    """The form, what it would change, or the way back once it is saved."""
    back = reverse(f"{place.kind}-shared", args=(scope.pk,))

    def chosen() -> Team:
        return team or form.cleaned_data["team"]

    def save() -> grants.Given:
        return share_scope(request.actor, scope, team=chosen(), **form.given())

    def told() -> dict[str, Any]:
        return {"granting": granting(request.actor, scope, save, GRANTABLE[scope.kind])}

    if saved(request, form, save):
        words = {"name": scope.label, "team": name_of(request, chosen())}
        messages.success(request, _("%(name)s is shared with %(team)s.") % words)
        return redirect(back)
    return form_page(request, form, title=title, button=_("Save"), back=back, back_label=scope.label,
                     text=_("Whoever is in the team has it, and whoever leaves it loses it."),
                     **effect.offered(request, form, told))  # fmt: skip


def team_with(scope: Any, pk: UUID) -> Team:
    """A team that the scope is shared with; one need not see it to take back what it has. Raises NotFound."""
    found = teams_of(scope).filter(pk=pk).first()
    if found is None:
        raise NotFound("team", str(pk))
    return found


def name_of(request: Request, team: Team) -> str:
    return team.label if policy.can(request.actor, Action.SEE_TEAMS, team) else _("a team that you do not see")


def losses(told: Granting) -> list[str]:
    """Who loses what, in sentences."""
    found = []
    for one in told.lost:
        lost = ngettext("%(people)s person loses: %(do)s.", "%(people)s people lose: %(do)s.", one.people)
        found.append(lost % {"people": f"{one.people:,}", "do": one.action.label})
    return found or [_("Everybody whom you see may do the same afterwards.")]
