"""Managing the members of a scope: add, change, remove, with htmx and without."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.access import effect
from dashboard.form_errors import put_errors
from dashboard.form_pages import form_page, saved
from dashboard.members.forms import AddMemberForm, MemberForm, RoleForm
from dashboard.members.place import Place
from dashboard.members.screens import members_context
from rbacadmin import policy
from rbacadmin.errors import Conflict, Outlives
from rbacadmin.http import Request
from rbacadmin.policy import Action
from rbacadmin.views import respond
from teams.models import Membership
from teams.services import add_member, change_member, remove_member

FRAGMENT = "members/_members.html"


@require_http_methods(["GET", "POST"])
def members(request: Request, place: Place, pk: UUID) -> HttpResponseBase:
    """The members of a scope; POST adds one."""
    actor = request.actor
    if request.method == "GET":
        return shown(request, place, policy.find(actor, place.see, place.rows, pk), status=200)
    scope = policy.find(actor, Action.MANAGE_MEMBERS, place.rows, pk)
    form = AddMemberForm(request.POST, roles=place.roles)
    if form.is_valid():
        try:
            added = add_member(actor, scope, person=form.cleaned_data["email"], role=form.cleaned_data["role"])
        except ValidationError as error:
            put_errors(form, error, rename={"user_id": "email", "member": "email"})
        else:
            said = _("%(person)s is now in the %(kind)s.") % {"person": added.user.label, "kind": noun(scope)}
            return done(request, place, scope, said)
    return shown(request, place, scope, form=form)


@require_POST
def member(request: Request, place: Place, pk: UUID, member: UUID) -> HttpResponseBase:
    """Change a member's role."""
    membership, scope = membership_of(request, place, pk, member, Action.MANAGE_MEMBERS)
    form = RoleForm(request.POST, roles=place.roles)
    if not form.is_valid():
        return shown(request, place, scope, error=" ".join(str(problem) for problem in form.errors["role"]))
    try:
        changed = change_member(request.actor, membership, role=form.cleaned_data["role"])
    except Conflict as conflict:
        return shown(request, place, scope, error=conflict.message, status=409)
    except Outlives as outlives:
        return shown(request, place, scope, error=str(outlives))
    said = _("%(person)s is now: %(role)s.") % {"person": changed.user.label, "role": changed.role_label}
    return done(request, place, scope, said)


@require_http_methods(["GET", "POST"])
def edit(request: Request, place: Place, pk: UUID, member: UUID) -> HttpResponseBase:
    """Change a member's own limits, and when the membership ends."""
    membership, scope = membership_of(request, place, pk, member, Action.CHANGE_MEMBER_LIMITS)
    form, back = MemberForm(request.POST or None, actor=request.actor, row=membership), place.url(scope)

    def save() -> Membership:
        try:
            return change_member(request.actor, membership, **form.changes())
        except Conflict as conflict:
            raise ValidationError(conflict.message) from conflict  # the last leader: said above the fields

    names = {"person": membership.user.label, "scope": scope.label}
    if saved(request, form, save):
        messages.success(request, _("The limits of %(person)s were changed.") % names)
        return redirect(back)
    told = effect.offered(request, form, lambda: effect.of_limits(request, membership, save))
    return form_page(request, form, title=_("Limits of %(person)s in %(scope)s") % names, button=_("Save"), back=back,
                     back_label=scope.label, **told)  # fmt: skip


@require_http_methods(["GET", "POST"])
def remove(request: Request, place: Place, pk: UUID, member: UUID) -> HttpResponseBase:
    """Ask, then remove a member. The page asks by itself when there is no JavaScript."""
    membership, scope = membership_of(request, place, pk, member, Action.MANAGE_MEMBERS)
    if request.method == "GET":
        context = {"scope": scope, "membership": membership, "place": place, "back": place.url(scope)}
        return render(request, "members/member_remove.html", context)
    try:
        remove_member(request.actor, membership)
    except Conflict as conflict:
        return shown(request, place, scope, error=conflict.message, status=409)
    said = _("%(person)s has left the %(kind)s.") % {"person": membership.user.label, "kind": noun(scope)}
    return done(request, place, scope, said)


def noun(scope: Any) -> str:
    return str(scope._meta.verbose_name)


def membership_of(request: Request, place: Place, pk: UUID, member: UUID, action: Action) -> tuple[Membership, Any]:
    """The membership that is to be changed, and its scope."""
    scope = policy.find(request.actor, action, place.rows, pk)
    return policy.find(request.actor, action, place.members(scope), member), scope


def done(request: Request, place: Place, scope: Any, message: str) -> HttpResponseBase:
    context = members_context(request, place, scope)
    return respond(request, FRAGMENT, context, to=place.url(scope), message=message)


def shown(
    request: Request, place: Place, scope: Any, *, form: AddMemberForm | None = None, error: str = "", status: int = 422
) -> HttpResponse:
    """The fragment (or without htmx the page), and what was wrong."""
    context = members_context(request, place, scope, form=form, error=error)
    if request.htmx:
        return render(request, FRAGMENT, context, status=status)
    return render(request, place.template, {**place.context(request, scope), **context}, status=status)
