"""The audit log: who did what, when and from where, each person's own slice of it."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dashboard.audit.export import download
from dashboard.audit.listing import listing, scope_of, searched
from dashboard.history import told
from dashboard.listing import Shown
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action


@require_GET
def audit_log(request: Request) -> HttpResponse:
    """What happened, as far as it concerns this person, refused attempts too."""
    actor, query = request.actor, request.GET.get("q", "")
    scope = scope_of(actor, Action.VIEW_AUDIT, request.GET.get("scope", ""))
    shape = listing(actor, scope)
    order = request.GET.get("sort", "")
    order = order if order in shape.orders else next(iter(shape.orders))
    events, chosen = shape.narrowed(request, searched(actor, query))
    page: Any = told(actor, events, request.GET.get("after"), order=order)
    context = {
        "list": Shown(shape, page, query, order, chosen),
        "page": page,
        "may_export": policy.can_somewhere(actor, Action.EXPORT_AUDIT),
    }
    return render(request, "audit/audit_log.html", context)


@require_GET
def audit_export(request: Request) -> HttpResponseBase:
    """The same as a file; the export itself goes on record."""
    actor, query = request.actor, request.GET.get("q", "")
    scope = scope_of(actor, Action.EXPORT_AUDIT, request.GET.get("scope", ""))
    if scope is None:
        policy.require_somewhere(actor, Action.EXPORT_AUDIT)
    events, chosen = listing(actor, scope, Action.EXPORT_AUDIT).narrowed(request, searched(actor, query))
    return download(actor, scope, events, {**chosen, "q": query}, request.GET.get("format", ""))
