"""The service accounts of a project: programs that call models, each with one key or several."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from dashboard import as_call
from dashboard.asking import Question, ask, ask_first
from dashboard.form_pages import form_page, saved
from dashboard.keys.change_views import secret_page
from dashboard.keys.forms import MadeKeyForm
from dashboard.keys.listing import KEYS
from dashboard.projects.kind import frame
from dashboard.projects.listing import ROWS
from dashboard.row_forms import who_helps
from dashboard.service_accounts.forms import NewAccountForm, RenameForm
from dashboard.service_accounts.listing import LISTING, accounts
from keys import service_accounts, services
from keys.models import Key
from orgs.models import Project
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action
from teams.models import User


@require_GET
def account_list(request: Request, pk: UUID) -> HttpResponseBase:
    """The service accounts of a project with their keys, as far as this person may see them."""
    project = policy.find(request.actor, Action.VIEW_PROJECTS, ROWS, pk)
    if request.GET.get("format") == "csv":  # a line for each key, where the page has one for each account
        return LISTING.export(request, KEYS.filter(project=project, kind=Key.Kind.SERVICE))
    firsts = service_accounts.first_keys().filter(project=project).select_related("user")
    shown = LISTING.shown(request, firsts)
    may_create = policy.can(request.actor, Action.CREATE_SERVICE_KEYS, project)
    context = {
        "list": shown,
        "page": shown.page,
        "accounts": accounts(request.actor, project, shown.page.items),
        "may_create": may_create,
        "who_helps": "" if may_create else who_helps(request.actor, Action.CREATE_SERVICE_KEYS, project),
    }
    return render(request, "service_accounts/account_list.html", {**frame(request, project), **context})


@never_cache
@require_http_methods(["GET", "POST"])
def account_new(request: Request, pk: UUID) -> HttpResponse:
    """Make a service account. The answer to the POST shows the secret of its first key, once."""
    project = policy.find(request.actor, Action.CREATE_SERVICE_KEYS, ROWS, pk)
    form = NewAccountForm(request.POST or None, actor=request.actor)

    def make() -> tuple[Key, str]:
        return services.generate_service_key(request.actor, project=project, **form.values())

    text = _("A program of this project. It calls models and manages nothing, and stays when people leave.")
    more = as_call.service_key(request, form, project)
    more |= {"title": _("New service account"), "text": text, "button": _("Make the service account")}
    return making(request, project, form, make, **more)


@never_cache
@require_http_methods(["GET", "POST"])
def account_key_new(request: Request, pk: UUID, account: UUID) -> HttpResponse:
    """One more key of a service account, so that it can change secrets without a pause."""
    project = policy.find(request.actor, Action.CREATE_SERVICE_KEYS, ROWS, pk)
    user = service_accounts.account_of(request.actor, project, account, Action.CREATE_SERVICE_KEYS)
    form = MadeKeyForm(request.POST or None, actor=request.actor)

    def make() -> tuple[Key, str]:
        return service_accounts.add_service_key(request.actor, project, account=user, **form.values())

    return making(request, project, form, make, title=_("New key of %(name)s") % {"name": label_of(user)})


def making(
    request: Request, project: Project, form: MadeKeyForm, make: Callable[[], tuple[Key, str]], **context: Any
) -> HttpResponse:
    """The form; its secret once it was sent and nothing is wrong with it."""
    back = reverse("project-service-accounts", args=(project.pk,))
    if made := saved(request, form, make):
        return secret_page(request, *made, done=back)
    context = {"button": _("Make the key"), **context}
    return form_page(request, form, back=back, back_label=project.label, **context)


@require_http_methods(["GET", "POST"])
def account_rename(request: Request, pk: UUID, account: UUID) -> HttpResponseBase:
    """Call a service account something else."""
    project, user = service_accounts.account_to(request.actor, Action.UPDATE_KEYS, pk, account)
    back = reverse("project-service-accounts", args=(pk,))
    form = RenameForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        service_accounts.rename_service_account(request.actor, project, account=user, **form.cleaned_data)
        messages.success(request, _("The service account is called %(name)s now.") % form.cleaned_data)
        return redirect(back)
    question = Question(
        _("Rename %(name)s") % {"name": label_of(user)}, [_("Its keys keep their names and go on working.")],
        _("Rename"), back, icon="pencil", tone="primary", form=form,
    )  # fmt: skip
    return ask(request, question, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def account_delete(request: Request, pk: UUID, account: UUID) -> HttpResponseBase:
    """Ask, then delete a service account with all of its keys: this cannot be undone, so the name is typed."""
    project, user = service_accounts.account_to(request.actor, Action.DELETE_KEYS, pk, account)
    back, keys = reverse("project-service-accounts", args=(pk,)), service_accounts.keys_of(user, project)
    stops = ngettext(
        "Its key stops working at once and for good.",
        "All of its %(count)s keys stop working at once and for good.",
        len(keys),
    )
    question = Question(
        _("Delete %(name)s?") % {"name": label_of(user)},
        [stops % {"count": len(keys)}, _("Names, history and what was spent stay on record.")],
        _("Delete the service account"), back, typed=label_of(user),
    )  # fmt: skip
    delete = partial(service_accounts.delete_service_account, request.actor, project, account=user)
    if page := ask_first(request, question, delete):
        return page
    messages.success(request, _("%(name)s was deleted.") % {"name": question.typed})
    return redirect(back)


def label_of(account: User) -> str:
    return account.name or account.public_id
