"""The audit log: who did what, when and from where, each person's own slice of it."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dashboard.audit import refused
from dashboard.audit.export import source
from dashboard.audit.listing import listing, scope_of, searched
from dashboard.exports import answer
from dashboard.history import told
from dashboard.listing import Shown
from dashboard.searching import search
from dashboard.tabs import tabs
from gateway.decisions import RefusalCount
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action


@require_GET
def audit_log(request: Request) -> HttpResponse:
    """What happened, as far as it concerns this person, refused attempts too."""
    actor, query = request.actor, request.GET.get("q", "")
    scope = scope_of(actor, Action.VIEW_AUDIT, request.GET.get("scope", ""))
    shape = listing(actor, scope)
    order = shape.order_of(request)
    events, chosen = shape.narrowed(request, searched(actor, query))
    page: Any = told(actor, events, request.GET.get("after"), order=order)
    context = {
        "list": Shown(shape, page, query, order, chosen),
        "page": page,
        "may_export": policy.can_somewhere(actor, Action.EXPORT_AUDIT),
        "tabs": sections(request),
    }
    return render(request, "audit/audit_log.html", context)


def sections(request: Request) -> list[dict[str, Any]]:
    return tabs(request, [(_("Changes"), reverse("audit-log")), (_("Refused calls"), reverse("refused-calls"))])


@require_GET
def audit_export(request: Request) -> HttpResponseBase:
    """The same as a file; the export itself goes on record."""
    actor, query = request.actor, request.GET.get("q", "")
    scope = scope_of(actor, Action.EXPORT_AUDIT, request.GET.get("scope", ""))
    if scope is None:
        policy.require_somewhere(actor, Action.EXPORT_AUDIT)
    events, chosen = listing(actor, scope, Action.EXPORT_AUDIT).narrowed(request, searched(actor, query))
    return answer(request, source(actor, scope, events, {**chosen, "q": query}, request.GET.get("format", "")))


@require_GET
def refused_calls(request: Request) -> HttpResponse:
    """Which keys were refused models, by which level and how often: each person's slice of it."""
    actor = request.actor
    scope = scope_of(actor, Action.VIEW_AUDIT, request.GET.get("scope", ""))
    shown = refused.listing(actor, scope).shown(request, RefusalCount.objects.all())
    context = {
        "list": shown,
        "page": shown.page,
        "levels": refused.LEVELS,
        "rows": refused.named(actor, shown.page.items),
        "may_export": policy.can_somewhere(actor, Action.EXPORT_AUDIT),
        "tabs": sections(request),
    }
    return render(request, "audit/refused_calls.html", context)


@require_GET
def refused_export(request: Request) -> HttpResponseBase:
    """The same as a file; the export itself goes on record."""
    actor, query = request.actor, request.GET.get("q", "")
    scope = scope_of(actor, Action.EXPORT_AUDIT, request.GET.get("scope", ""))
    if scope is None:
        policy.require_somewhere(actor, Action.EXPORT_AUDIT)
    shape = refused.listing(actor, scope, Action.EXPORT_AUDIT)
    rows, chosen = shape.narrowed(request, search(RefusalCount.objects.all(), query, *shape.searched))
    return answer(request, refused.source(actor, scope, rows, {**chosen, "q": query}))
