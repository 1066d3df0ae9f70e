"""Making, changing and ending keys."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dashboard import as_call
from dashboard.access import effect
from dashboard.asking import Question, ask
from dashboard.context import home_of
from dashboard.form_errors import put_errors
from dashboard.keys.forms import EditKeyForm, NewKeyForm, RegenerateForm
from dashboard.keys.listing import KEYS
from dashboard.keys.making import make, require_making
from gateway.trying import model_to_try
from keys import services
from keys.models import Key
from keys.rotation import regenerate_key
from rbacadmin import policy
from rbacadmin.conf import conf
from rbacadmin.http import Request
from rbacadmin.policy import Action


@never_cache
@require_http_methods(["GET", "POST"])
def key_new(request: Request) -> HttpResponse:
    """Make a key. The answer to the POST shows its secret, once: nothing keeps that page."""
    if request.method == "GET":  # a POST is refused, and put on record, by the service
        require_making(request.actor)
    form = NewKeyForm(request.POST or None, actor=request.actor, initial=wanted(request))
    if request.method == "POST" and form.is_valid() and not as_call.asked(request):
        try:
            return secret_page(request, *make(request.actor, form))
        except ValidationError as error:
            put_errors(form, error, rename={"user_id": "person", "team_id": "home", "organization_id": "home"})
    context = {"form": form, "title": _("New key"), "button": _("Make the key"), "back": reverse("key-list"),
               "back_label": _("Keys")}  # fmt: skip
    context |= as_call.key(request, form)
    return render(request, "ui/form.html", context, status=422 if form.errors else 200)


def wanted(request: Request) -> dict[str, Any]:
    """What the address pre-fills: `?team=`, `?project=` or `?organization=`."""
    for kind in ("team", "project", "organization"):
        if pk := request.GET.get(kind):
            return {"home": f"{kind}:{pk}"}
    return {"home": home_of(request, Key, Action.CREATE_KEYS)}


def secret_page(request: Request, key: Key, secret: str, done: str = "") -> HttpResponse:
    """The secret, with snippets to paste. Not cached anywhere, at no address of its own. `done` is what comes next."""
    base = conf.public_url.rstrip("/") or request.build_absolute_uri("/").rstrip("/")
    context = {"key": key, "secret": secret, "base": base, "model": model_to_try(key, secret),
               "done": done or reverse("key-detail", args=(key.pk,))}  # fmt: skip
    response = render(request, "keys/secret.html", context)
    response["Cache-Control"] = "no-store, private, max-age=0"
    return response


@require_http_methods(["GET", "POST"])
def key_edit(request: Request, pk: UUID) -> HttpResponseBase:
    """Change a key: what gives it more needs its own right, and the field says so."""
    key = policy.find(request.actor, Action.UPDATE_KEYS, KEYS, pk)
    form, told = EditKeyForm(request.POST or None, actor=request.actor, row=key), dict[str, Any]()
    back = reverse("key-detail", args=(key.pk,))
    if request.method == "POST" and form.is_valid():
        try:
            if not effect.asked(request):
                services.update_key(request.actor, key, **form.changes())
                messages.success(request, _("The key was changed."))
                return redirect(back)
            told = effect.of_limits(request, key, lambda: services.update_key(request.actor, key, **form.changes()))
        except ValidationError as error:
            put_errors(form, error)
    context = {"form": form, "title": _("Change %(key)s") % {"key": key.label}, "button": _("Save"), "back": back,
               "back_label": key.label, "offers_effect": True, **told}  # fmt: skip
    return render(request, "ui/form.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def key_regenerate(request: Request, pk: UUID) -> HttpResponse:
    """A new secret for the key, shown once; the old one may go on for a while."""
    key = policy.find(request.actor, Action.REGENERATE_KEYS, KEYS, pk)
    form = RegenerateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return secret_page(request, *regenerate_key(request.actor, key, grace=form.span()))
    question = Question(
        _("Give %(key)s a new secret?") % {"key": key.label},
        [_("The new secret is shown once."), _("Spend, limits and history stay."),
         _("Whoever uses the old secret must be given the new one.")],
        _("Regenerate"), reverse("key-detail", args=(key.pk,)), icon="refresh-cw", tone="primary", form=form,
    )  # fmt: skip
    return ask(request, question)


@require_POST
def key_block(request: Request, pk: UUID) -> HttpResponseBase:
    """Block the key: it opens nothing from this moment on."""
    key = services.block_key(request.actor, policy.find(request.actor, Action.BLOCK_KEYS, KEYS, pk))
    messages.success(request, _("%(key)s is blocked.") % {"key": key.label})
    return redirect("key-detail", pk=pk)


@require_POST
def key_unblock(request: Request, pk: UUID) -> HttpResponseBase:
    """Lift the block of the key."""
    key = services.unblock_key(request.actor, policy.find(request.actor, Action.UNBLOCK_KEYS, KEYS, pk))
    messages.success(request, _("%(key)s works again.") % {"key": key.label})
    return redirect("key-detail", pk=pk)


@require_http_methods(["GET", "POST"])
def key_delete(request: Request, pk: UUID) -> HttpResponseBase:
    """Ask, then delete: this cannot be undone, so the name is typed."""
    key = policy.find(request.actor, Action.DELETE_KEYS, KEYS, pk)
    question = Question(
        _("Delete %(key)s?") % {"key": key.label},
        [_("It stops working at once and for good."), _("Its name and what it spent stay on record.")],
        _("Delete the key"), reverse("key-detail", args=(key.pk,)), typed=key.label,
    )  # fmt: skip
    if request.method == "GET" or question.error(request):
        return ask(request, question, error=question.error(request) if request.method == "POST" else "")
    services.delete_keys(request.actor, key)
    messages.success(request, _("%(key)s was deleted.") % {"key": key.label})
    return redirect("key-list")
