"""Making, changing and ending people."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.access import effect
from dashboard.asking import ask
from dashboard.context import home_of
from dashboard.form_errors import put_errors
from dashboard.keys.change_views import secret_page
from dashboard.people import questions
from dashboard.people.forms import EmailForm, NewPersonForm, PersonForm
from dashboard.people.listing import PEOPLE
from dashboard.people.making import create_user
from rbacadmin import policy
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
    if request.method == "POST" and form.is_valid():
        try:
            person, key, secret = create_user(request.actor, form.homes(), key=form.key(), **form.values())
        except ValidationError as error:
            put_errors(form, error, rename={"alias": "key_alias", "user_id": "email", "public_id": "email"})
        else:
            messages.success(request, _("%(person)s is there.") % {"person": person.label})
            return secret_page(request, key, secret) if key else redirect("person-detail", pk=person.pk)
    context = {"form": form, "title": _("New person"), "button": _("Make the person"), "back": reverse("person-list"),
               "back_label": _("People")}  # fmt: skip
    return render(request, "ui/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def person_edit(request: Request, pk: UUID) -> HttpResponseBase:
    """Change a person: profile, platform role and limits, each field as far as this person may."""
    person = policy.find(request.actor, Action.CHANGE_PROFILE, PEOPLE, pk)
    form, status = PersonForm(request.POST or None, actor=request.actor, row=person), 422
    told: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            if not effect.asked(request):
                services.update_user(request.actor, person, **form.changes())
                messages.success(request, _("%(person)s was changed.") % {"person": person.label})
                return redirect("person-detail", pk=pk)
            told = effect.of_person(
                request, person, lambda: services.update_user(request.actor, person, **form.changes())
            )
        except ValidationError as error:
            put_errors(form, error, rename={"role": "platform_role"})
        except Conflict as conflict:
            form.add_error("platform_role", conflict.message)
            status = conflict.status
    context = {"form": form, "title": _("Change %(person)s") % {"person": person.label}, "button": _("Save"),
               "back": questions.back_to(person), "back_label": person.label,
               "offers_effect": True, **told}  # fmt: skip
    return render(request, "ui/form.html", context, status=status if form.errors else 200)


@sensitive_post_parameters("current_password")
@never_cache
@require_http_methods(["GET", "POST"])
def person_email(request: Request, pk: UUID) -> HttpResponseBase:
    """Change the address that somebody signs in with. Their sessions end; one's own too."""
    person = policy.find(request.actor, Action.CHANGE_PROFILE, PEOPLE, pk)
    oneself = is_oneself(request.actor, person)
    form = EmailForm(request.POST or None, oneself=oneself)
    if request.method == "POST" and form.is_valid() and changed_email(request, person, form):
        messages.success(request, _("The address was changed. Sign in with it from now on."))
        if oneself:
            logout(request)
        return redirect("account_login" if oneself else questions.back_to(person))
    text = _("Now: %(email)s. All sessions end, and links that went to the old address open nothing any more.")
    context = {"form": form, "title": _("Change the e-mail of %(person)s") % {"person": person.label},
               "text": text % {"email": person.email or _("none")}, "button": _("Change the address"),
               "back": questions.back_to(person), "back_label": person.label}  # fmt: skip
    return render(request, "ui/form.html", context, status=422 if form.errors else 200)


def changed_email(request: Request, person: User, form: EmailForm) -> bool:
    """Whether the service changed it; else the form says why not."""
    given = {"current_password": form.cleaned_data.get("current_password")}
    try:
        services.change_email(request.actor, person, email=form.cleaned_data["email"], **given)
    except ValidationError as error:
        put_errors(form, error)
    except (WrongPassword, TooMany) as error:
        form.add_error("current_password", str(error))
    return not form.errors


@require_http_methods(["GET", "POST"])
def person_block(request: Request, pk: UUID) -> HttpResponseBase:
    """Ask, then block: they are signed out, and neither they nor their keys come in again."""
    person = policy.find(request.actor, Action.BLOCK_PEOPLE, PEOPLE, pk)
    if request.method == "GET":
        return ask(request, questions.blocking(person))
    try:
        services.block_users(request.actor, [person])
    except Conflict as conflict:
        return ask(request, questions.blocking(person), error=conflict.message, status=409)
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
    question = questions.deletion(person)
    if request.method == "GET" or question.error(request):
        return ask(request, question, error=question.error(request) if request.method == "POST" else "")
    try:
        services.delete_users(request.actor, [person])
    except Conflict as conflict:
        return ask(request, question, error=conflict.message, status=409)
    messages.success(request, _("%(person)s was deleted.") % {"person": person.label})
    return redirect("person-list")
