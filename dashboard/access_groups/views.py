"""The screens of access groups: the list, one group, making, changing and ending them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dashboard.access_groups.forms import GroupForm, NewGroupForm
from dashboard.access_groups.listing import GROUPS, LISTING
from dashboard.asking import Question, ask_first
from dashboard.form_pages import form_page, saved
from dashboard.history import history_of
from dashboard.models.listing import catalog_tabs
from dashboard.models.uses import uses_of
from dashboard.tabs import row_tabs
from gateway.access_groups import create_access_group, delete_access_group, stood_for, update_access_group
from gateway.models import ModelAccessGroup
from gateway.uses import seen_uses
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action


@require_GET
def group_list(request: Request) -> HttpResponseBase:
    """The access groups that this person's lists name; all of them for who runs the platform."""

    def more(groups: Sequence[ModelAccessGroup]) -> dict[str, Any]:
        uses = seen_uses(request.actor, {group.name for group in groups})
        return {"groups": [(group, uses[group.name]) for group in groups], "tabs": catalog_tabs(request)}

    return LISTING.page_or_file(request, GROUPS, "access_groups/group_list.html", more)


@require_GET
def group_detail(request: Request, pk: UUID) -> HttpResponse:
    """One group: what it stands for, and who names it."""
    group = policy.find(request.actor, Action.VIEW_ACCESS_GROUPS, GROUPS, pk)
    named = policy.visible(request.actor, Action.VIEW_MODELS, stood_for(group.models))
    seen = {model.name: model for model in named}
    context = {
        **head(request, group),
        "models": [(name, seen.get(name)) for name in group.models],
        "uses": uses_of(request.actor, group.name),
    }
    return render(request, "access_groups/group_detail.html", context)


@require_GET
def group_history(request: Request, pk: UUID) -> HttpResponse:
    """What happened to one group, as far as this person may see it."""
    group = policy.find(request.actor, Action.VIEW_ACCESS_GROUPS, GROUPS, pk)
    events = history_of(request.actor, group, request.GET.get("after"))
    return render(request, "access_groups/group_detail.html", {**head(request, group), "events": events})


@require_http_methods(["GET", "POST"])
def group_new(request: Request) -> HttpResponseBase:
    """Make a group of the platform's models."""
    policy.require(request.actor, Action.MANAGE_ACCESS_GROUPS)
    form = NewGroupForm(request.POST or None, actor=request.actor)
    if group := saved(request, form, lambda: create_access_group(request.actor, **form.values())):
        messages.success(request, _("%(group)s is there. Lists may name it now.") % {"group": group.label})
        return redirect("group-detail", pk=group.pk)
    return form_page(request, form, title=_("New access group"), button=_("Make the group"),
                     back=reverse("group-list"), back_label=_("Access groups"))  # fmt: skip


@require_http_methods(["GET", "POST"])
def group_edit(request: Request, pk: UUID) -> HttpResponseBase:
    """Change what a group stands for: at once, for everybody whose list names it."""
    group = policy.find(request.actor, Action.MANAGE_ACCESS_GROUPS, GROUPS, pk)
    form = GroupForm(request.POST or None, actor=request.actor, row=group)
    back = reverse("group-detail", args=(group.pk,))
    if saved(request, form, lambda: update_access_group(request.actor, group, **form.changes())):
        messages.success(request, _("The group was changed."))
        return redirect(back)
    return form_page(request, form, title=_("Change %(group)s") % {"group": group.label}, button=_("Save"),
                     text=_("What you save counts at once for everybody whose list names the group."),
                     back=back, back_label=group.label)  # fmt: skip


@require_http_methods(["GET", "POST"])
def group_delete(request: Request, pk: UUID) -> HttpResponseBase:
    """Ask, then delete a group that no list names any more; those that do are told."""
    group = policy.find(request.actor, Action.MANAGE_ACCESS_GROUPS, GROUPS, pk)
    question = Question(
        _("Delete %(group)s?") % {"group": group.label},
        [_("The models that it stands for stay."), _("It can only go when no list of models names it.")],
        _("Delete the group"), reverse("group-detail", args=(group.pk,)), typed=group.label,
    )  # fmt: skip
    if page := ask_first(request, question, lambda: delete_access_group(request.actor, group)):
        return page
    messages.success(request, _("%(group)s was deleted.") % {"group": group.label})
    return redirect("group-list")


def head(request: Request, group: ModelAccessGroup) -> dict[str, Any]:
    """What stands above every section of a group's page."""
    sections = [(_("Overview"), "group-detail"), (_("History"), "group-history")]
    return {"row": group, "tabs": row_tabs(request, group, sections)}
