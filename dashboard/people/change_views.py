"""Making, changing and ending people."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.access import effect
from dashboard.asking import ask_first
from dashboard.context import home_of
from dashboard.form_errors import put_errors
from dashboard.form_pages import form_page, saved
from dashboard.keys.change_views import secret_page
from dashboard.people import questions
from dashboard.people.forms import EmailForm, NewPersonForm, PersonForm
from dashboard.people.listing import PEOPLE
from dashboard.people.making import create_user
from keys.models import Key
from rbacadmin import policy
from rbacadmin.conf import conf
from rbacadmin.errors import Conflict, TooMany, WrongPassword
from rbacadmin.http import Request
from rbacadmin.policy import Action
from teams import services
from teams.models import User
from teams.services.passwords import is_oneself


@never_cache
@require_http_methods(["GET", "POST"])
def person_new(request: Request) -> HttpResponseBase:
    """Make a person. With a first key, the answer shows its secret once."""
    policy.require_somewhere(request.actor, Action.CREATE_PEOPLE)
    initial = {"organization": request.GET.get("organization") or home_of(request, User, Action.CREATE_PEOPLE)}
    form = NewPersonForm(request.POST or None, actor=request.actor, initial=initial)

    def make() -> tuple[User, Key | None, str]:
        return create_user(request.actor, form.homes(), key=form.key(), **form.values())

    names = {"alias": "key_alias", "user_id": "email", "public_id": "email"}
    if made := saved(request, form, make, rename=names):
        person, key, secret = made
        messages.success(request, _("%(person)s is there.") % {"person": person.label})
        return secret_page(request, key, secret) if key else redirect("person-detail", pk=person.pk)
    return form_page(request, form, title=_("New person"), button=_("Make the person"), back=reverse("person-list"),
                     back_label=_("People"))  # fmt: skip


@require_http_methods(["GET", "POST"])
def person_edit(request: Request, pk: UUID) -> HttpResponseBase:
    """Change a person: profile, platform role and limits, each field as far as this person may."""
    person = policy.find(request.actor, Action.CHANGE_PROFILE, PEOPLE, pk)
    form = PersonForm(request.POST or None, actor=request.actor, row=person)
    names, status = {"role": "platform_role"}, 422
    told: dict[str, Any] = {"offers_effect": True}

    def save() -> User:
        return services.update_user(request.actor, person, **form.changes())

    try:
        if saved(request, form, save, rename=names):
            messages.success(request, _("%(person)s was changed.") % {"person": person.label})
            return redirect("person-detail", pk=pk)
        told = effect.offered(request, form, lambda: effect.of_person(request, person, save), rename=names)
    except Conflict as conflict:
        form.add_error("platform_role", conflict.message)
        status = conflict.status
    return form_page(request, form, title=_("Change %(person)s") % {"person": person.label}, button=_("Save"),
                     back=questions.back_to(person), back_label=person.label, status=status, **told)  # fmt: skip


@sensitive_post_parameters("current_password")
@never_cache
@require_http_methods(["GET", "POST"])
def person_email(request: Request, pk: UUID) -> HttpResponseBase:
    """Change the address that somebody signs in with. Their sessions end; one's own too."""
    person = policy.find(request.actor, Action.CHANGE_PROFILE, PEOPLE, pk)
    oneself = is_oneself(request.actor, person)
    if oneself and not person.has_usable_password():
        messages.info(request, _("Choose a password first: changing your own address asks for it."))
        return redirect("account_set_password")
    form = EmailForm(request.POST or None, oneself=oneself)
    if request.method == "POST" and form.is_valid() and (changed := changed_email(request, person, form)):
        return after_email(request, person, changed, form)
    text = _("Now: %(email)s. All sessions end, and links that went to the old address open nothing any more.")
    if oneself and conf.email_url:
        text = _("Now: %(email)s. A mail goes to the new address; it counts when you open the link in it.")
    return form_page(request, form, title=_("Change the e-mail of %(person)s") % {"person": person.label},
                     text=text % {"email": person.email or _("none")}, button=_("Change the address"),
                     back=questions.back_to(person), back_label=person.label)  # fmt: skip


def after_email(request: Request, person: User, changed: User, form: EmailForm) -> HttpResponseBase:
    """Whoever has changed their own signs in anew; where it waits for a mail to be opened they stay."""
    oneself, asked = is_oneself(request.actor, person), form.cleaned_data["email"].lower()
    if changed.email != asked:
        words = _("A link went to %(address)s. The address counts when you open it in this browser.")
        messages.success(request, words % {"address": asked})
        return redirect("own-profile")
    messages.success(request, _("The address was changed. Sign in with it from now on."))
    if oneself:
        logout(request)
    return redirect("account_login" if oneself else questions.back_to(person))


def changed_email(request: Request, person: User, form: EmailForm) -> User | None:
    """The person as the service left them; None when it refused, and the form says why."""
    given = {"current_password": form.cleaned_data.get("current_password")}
    try:
        return services.change_email(request.actor, person, email=form.cleaned_data["email"], **given)
    except ValidationError as error:
        put_errors(form, error)
    except (WrongPassword, TooMany) as error:
        form.add_error("current_password", str(error))
    return None


@require_http_methods(["GET", "POST"])
def person_block(request: Request, pk: UUID) -> HttpResponseBase:
    """Ask, then block: they are signed out, and neither they nor their keys come in again."""
    person = policy.find(request.actor, Action.BLOCK_PEOPLE, PEOPLE, pk)
    if page := ask_first(request, questions.blocking(person), lambda: services.block_users(request.actor, [person])):
        return page
    messages.success(request, _("%(person)s is blocked.") % {"person": person.label})
    return redirect("person-detail", pk=pk)


@require_POST
def person_unblock(request: Request, pk: UUID) -> HttpResponseBase:
    """Lift the block of the person."""
    person = policy.find(request.actor, Action.BLOCK_PEOPLE, PEOPLE, pk)
    services.unblock_users(request.actor, [person])
    messages.success(request, _("%(person)s may come in again.") % {"person": person.label})
    return redirect("person-detail", pk=pk)


@require_http_methods(["GET", "POST"])
def person_delete(request: Request, pk: UUID) -> HttpResponse | HttpResponseBase:
    """Ask, then delete: this cannot be undone, so the address is typed."""
    person = policy.find(request.actor, Action.DELETE_PEOPLE, PEOPLE, pk)
    if page := ask_first(request, questions.deletion(person), lambda: services.delete_users(request.actor, [person])):
        return page
    messages.success(request, _("%(person)s was deleted.") % {"person": person.label})
    return redirect("person-list")
