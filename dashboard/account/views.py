"""One's own account: profile, password, keys and invitations. Second factors and sessions are allauth's pages."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from dashboard.account.forms import PasswordForm, ProfileForm
from dashboard.form_errors import put_errors
from dashboard.invitations.listing import INVITATIONS
from dashboard.keys.listing import LISTED, table_of
from dashboard.people.listing import PEOPLE
from keys.models import Key
from rbacadmin import policy
from rbacadmin.errors import TooMany, WrongPassword
from rbacadmin.http import Request
from rbacadmin.policy import Action
from teams.models import User
from teams.services import change_password, update_user


def oneself(request: Request) -> User:
    return policy.find(request.actor, Action.CHANGE_PROFILE, PEOPLE, request.actor.user_id)


@require_http_methods(["GET", "POST"])
def profile(request: Request) -> HttpResponseBase:
    """Who one is here; POST changes the name."""
    person = oneself(request)
    form = ProfileForm(request.POST or None, actor=request.actor, row=person)
    if request.method == "POST" and form.is_valid():
        update_user(request.actor, person, **form.changes())
        messages.success(request, _("Your profile was changed."))
        return redirect("own-profile")
    context = {"form": form, "person": person}
    return render(request, "account/own_profile.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def password(request: Request) -> HttpResponseBase:
    """Change one's own password. All other sessions end; this one goes on."""
    person, form = oneself(request), PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (changed := changed_password(request, person, form)):
        update_session_auth_hash(request, changed)
        UserSession.objects.create_from_request(request)
        messages.success(request, _("Your password was changed. You are signed out everywhere else."))
        return redirect("own-password")
    context = {"form": form, "may_change": person.has_usable_password()}
    return render(request, "account/own_password.html", context, status=422 if form.errors else 200)


def changed_password(request: Request, person: User, form: PasswordForm) -> User | None:
    """The person with the new password; None when that did not go, and then the form says why."""
    given = {name: form.cleaned_data[name] for name in ("current_password", "new_password")}
    try:
        return change_password(request.actor, person, **given)
    except ValidationError as error:
        put_errors(form, error)
    except (WrongPassword, TooMany) as error:
        form.add_error("current_password", str(error))
    return None


@require_GET
def keys(request: Request) -> HttpResponse:
    """One's own keys. Terminals have a page of their own."""
    rows = LISTED.filter(user=request.actor.user_id).exclude(kind=Key.Kind.TERMINAL)
    page = policy.page(request.actor, Action.LIST_KEYS, rows, after=request.GET.get("after"))
    return render(request, "account/own_keys.html", {"page": page, **table_of(request.actor, page.items)})


@require_GET
def invitations(request: Request) -> HttpResponse:
    """Where one was invited to."""
    rows = INVITATIONS.filter(user=request.actor.user_id)
    page = policy.page(request.actor, Action.VIEW_INVITATIONS, rows, after=request.GET.get("after"))
    return render(request, "account/own_invitations.html", {"page": page, "invitations": page.items})
