"""Changing, blocking and ending a scope, whatever its kind."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dashboard import as_call
from dashboard.access import effect
from dashboard.asking import Question, ask_first
from dashboard.batches import bulk
from dashboard.counting import with_counts
from dashboard.form_pages import form_page, saved
from dashboard.scopes.bulk import batch_of
from dashboard.scopes.kind import Kind
from orgs.closing import delete_scopes
from rbacadmin import policy
from rbacadmin.blocking import block_scope, unblock_scope
from rbacadmin.http import Request


@require_http_methods(["GET", "POST"])
def edit(request: Request, kind: Kind, pk: UUID) -> HttpResponseBase:
    """Change the fields of a scope; those that are not theirs to change are closed, and say who can help."""
    scope = policy.find(request.actor, kind.change, kind.rows, pk)
    form, back = kind.form(request.POST or None, actor=request.actor, row=scope), kind.url("detail", scope)

    def save() -> Any:
        return kind.update(request.actor, scope, **form.changes())

    if changed := saved(request, form, save):
        messages.success(request, _("%(name)s was changed.") % {"name": changed.label})
        return redirect(back)
    told = effect.offered(request, form, lambda: effect.of_limits(request, scope, save))
    return form_page(request, form, title=_("Change %(name)s") % {"name": scope.label}, button=_("Save"), back=back,
                     back_label=scope.label, **told, **as_call.changing(request, kind.name, form, scope))  # fmt: skip


@require_POST
def several(request: Request, kind: Kind) -> HttpResponseBase:
    """Block, unblock or delete those that were ticked, or all that match, and say what became of each."""
    return bulk(request, batch_of(kind))


@require_POST
def block(request: Request, kind: Kind, pk: UUID) -> HttpResponseBase:
    """Block a scope: calls through it are refused from this moment on."""
    scope = block_scope(request.actor, policy.find(request.actor, kind.block, kind.rows, pk))
    messages.success(request, _("%(name)s is blocked.") % {"name": scope.label})
    return redirect(kind.url("detail", scope))


@require_POST
def unblock(request: Request, kind: Kind, pk: UUID) -> HttpResponseBase:
    """Lift the block of a scope."""
    scope = unblock_scope(request.actor, policy.find(request.actor, kind.block, kind.rows, pk))
    messages.success(request, _("%(name)s works again.") % {"name": scope.label})
    return redirect(kind.url("detail", scope))


def counted(meta: Any, count: int) -> str:
    """`1 project`, `12 keys`."""
    return f"{count:,} {meta.verbose_name if count == 1 else meta.verbose_name_plural}"


@require_http_methods(["GET", "POST"])
def delete(request: Request, kind: Kind, pk: UUID) -> HttpResponse:
    """Ask, then delete with all that is in it: this cannot be undone, so the name is typed."""
    scope = policy.find(request.actor, kind.end, kind.rows, pk)
    counts = with_counts(request.actor, [scope], kind.name, kind.inside)[0].counts
    along = ", ".join(counted(kind.inside[name][0].model._meta, count) for name, count in counts.items() if count)
    question = Question(
        _("Delete %(name)s?") % {"name": scope.label},
        [_("Deleted along with it: %(things)s.") % {"things": along} if along else _("Nothing is in it."),
         _("Its keys stop working at once and for good."), _("Names, history and what was spent stay on record.")],
        _("Delete for good"), kind.url("detail", scope), typed=scope.label,
    )  # fmt: skip
    if page := ask_first(request, question, lambda: delete_scopes(request.actor, scope)):
        return page
    messages.success(request, _("%(name)s was deleted.") % {"name": scope.label})
    return redirect(kind.list_url)
