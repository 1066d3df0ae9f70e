"""Making, changing and ending models."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.asking import Question, ask_first
from dashboard.form_pages import form_page, saved
from dashboard.models.forms import ModelForm, NewModelForm
from dashboard.models.listing import MODELS
from gateway import catalog
from gateway.models import CatalogModel
from gateway.probing import probe_model
from rbacadmin import policy
from rbacadmin.errors import Conflict
from rbacadmin.http import Request
from rbacadmin.policy import Action

IN_FORM = {"api_key": "credential"}


@never_cache
@require_http_methods(["GET", "POST"])
def model_new(request: Request) -> HttpResponseBase:
    """Bring a model: for a team (`?team=`), or, who runs the platform, for everybody."""
    policy.require_somewhere(request.actor, Action.ADD_TEAM_MODELS)
    team = request.GET.get("team")
    initial = {"home": f"team:{team}"} if team else {}
    form = NewModelForm(request.POST or None, actor=request.actor, initial=initial)

    def make() -> CatalogModel:
        return catalog.create_model(request.actor, **form.place(), **form.values())

    if model := saved(request, form, make, rename=IN_FORM):
        messages.success(request, _("%(model)s is in the catalog.") % {"model": model.label})
        return redirect("model-detail", pk=model.pk)
    return form_page(request, form, title=_("New model"), button=_("Add the model"), back=reverse("model-list"),
                     back_label=_("Models"))  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def model_edit(request: Request, pk: UUID) -> HttpResponseBase:
    """Change a model. A credential is taken, never shown."""
    model = to_change(request, pk)
    form, status = ModelForm(request.POST or None, actor=request.actor, row=model), 422
    back = reverse("model-detail", args=(model.pk,))

    def save() -> CatalogModel:
        return catalog.update_model(request.actor, model, **form.changes())

    try:
        if saved(request, form, save, rename=IN_FORM):
            messages.success(request, _("The model was changed."))
            return redirect(back)
    except Conflict as conflict:
        form.add_error(None, conflict.message)
        status = conflict.status
    return form_page(request, form, title=_("Change %(model)s") % {"model": model.label}, button=_("Save"), back=back,
                     back_label=model.label, status=status)  # fmt: skip


@require_POST
def model_block(request: Request, pk: UUID) -> HttpResponseBase:
    """Block the model: nobody can call it from this moment on."""
    model = catalog.block_model(request.actor, to_change(request, pk))
    messages.success(request, _("%(model)s is blocked.") % {"model": model.label})
    return redirect("model-detail", pk=pk)


@require_POST
def model_unblock(request: Request, pk: UUID) -> HttpResponseBase:
    """Lift the block of the model."""
    model = catalog.unblock_model(request.actor, to_change(request, pk))
    messages.success(request, _("%(model)s can be called again.") % {"model": model.label})
    return redirect("model-detail", pk=pk)


@require_POST
def model_test(request: Request, pk: UUID) -> HttpResponseBase:
    """Call the model once and say how it went. The provider charges a few tokens."""
    found = probe_model(request.actor, to_change(request, pk))
    if found.failure:
        messages.error(request, _("No answer: %(why)s") % {"why": found.failure})
    else:
        said = _("It answered in %(time)s ms, with %(prompt)s tokens in and %(completion)s out.")
        counts = {"prompt": found.prompt_tokens, "completion": found.completion_tokens}
        messages.success(request, said % {"time": found.milliseconds, **counts})
    return redirect("model-detail", pk=pk)


@require_http_methods(["GET", "POST"])
def model_delete(request: Request, pk: UUID) -> HttpResponseBase:
    """Ask, then delete: this cannot be undone, so the name is typed. An access group that has it is in the way."""
    model = to_change(request, pk)
    if page := ask_first(request, deletion(model), lambda: catalog.delete_model(request.actor, model)):
        return page
    messages.success(request, _("%(model)s was deleted.") % {"model": model.label})
    return redirect("model-list")


def to_change(request: Request, pk: UUID) -> CatalogModel:
    """The model, when this person may change it: whose it is decides. Raises NotFound or PermissionDenied."""
    model = policy.find(request.actor, Action.ADD_TEAM_MODELS, MODELS, pk)
    catalog.require_managing(request.actor, model.team, model)
    return model


def deletion(model: CatalogModel) -> Question:
    return Question(
        _("Delete %(model)s?") % {"model": model.label},
        [_("Calls of it are refused at once, and its credential is gone for good."),
         _("Lists that name it stay as they are. What was spent with it stays on record.")],
        _("Delete the model"), reverse("model-detail", args=(model.pk,)), typed=model.label,
    )  # fmt: skip
