"""Making, changing and ending keys."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dashboard import as_call
from dashboard.access import effect
from dashboard.asking import Question, ask, ask_first
from dashboard.context import home_of
from dashboard.form_pages import form_page, saved
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

IN_FORM = {"user_id": "person", "team_id": "home", "organization_id": "home"}


@never_cache
@require_http_methods(["GET", "POST"])
def key_new(request: Request) -> HttpResponse:
    """Make a key. The answer to the POST shows its secret, once: nothing keeps that page."""
    if request.method == "GET":  # a POST is refused, and put on record, by the service
        require_making(request.actor)
    form = NewKeyForm(request.POST or None, actor=request.actor, initial=wanted(request))
    if made := saved(request, form, lambda: make(request.actor, form), rename=IN_FORM):
        return secret_page(request, *made)
    return form_page(request, form, title=_("New key"), button=_("Make the key"), back=reverse("key-list"),
                     back_label=_("Keys"), **as_call.key(request, form))  # fmt: skip


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
    form, back = EditKeyForm(request.POST or None, actor=request.actor, row=key), reverse("key-detail", args=(key.pk,))

    def save() -> Key:
        return services.update_key(request.actor, key, **form.changes())

    if saved(request, form, save):
        messages.success(request, _("The key was changed."))
        return redirect(back)
    told = effect.offered(request, form, lambda: effect.of_limits(request, key, save))
    return form_page(request, form, title=_("Change %(key)s") % {"key": key.label}, button=_("Save"), back=back,
                     back_label=key.label, **told)  # fmt: skip


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
    if page := ask_first(request, question, lambda: services.delete_keys(request.actor, key)):
        return page
    messages.success(request, _("%(key)s was deleted.") % {"key": key.label})
    return redirect("key-list")
