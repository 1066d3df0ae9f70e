"""Looking at customers: the list, one, and what happened to one. For those who run the platform, and who audit it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dashboard.customers.listing import CUSTOMERS, LISTING
from dashboard.history import history_of
from dashboard.spending import with_spend
from dashboard.tabs import row_tabs
from gateway.budgets.in_force import budgets_of, with_budget
from gateway.models import Customer
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action


@require_GET
def customer_list(request: Request) -> HttpResponseBase:
    """All customers that have a row."""
    policy.require(request.actor, Action.VIEW_CUSTOMERS)

    def more(customers: Sequence[Customer]) -> dict[str, Any]:
        held = budgets_of(customers)
        rows = with_spend(request.actor, [with_budget(row, held.get(row.pk)) for row in customers])
        return {"customers": [(row, held.get(row.pk)) for row in rows]}

    return LISTING.page_or_file(request, CUSTOMERS, "customers/customer_list.html", more)


@require_GET
def customer_detail(request: Request, pk: UUID) -> HttpResponse:
    """One customer: what they spent, and what they may with the budget that they hold."""
    customer = policy.find(request.actor, Action.VIEW_CUSTOMERS, CUSTOMERS, pk)
    held = budgets_of([customer]).get(customer.pk)
    in_force = with_spend(request.actor, [with_budget(customer, held)])[0]
    return render(
        request, "customers/customer_detail.html", {**head(request, customer), "limits": in_force, "held": held}
    )


@require_GET
def customer_history(request: Request, pk: UUID) -> HttpResponse:
    """What happened to one customer."""
    customer = policy.find(request.actor, Action.VIEW_CUSTOMERS, CUSTOMERS, pk)
    events = history_of(request.actor, customer, request.GET.get("after"))
    return render(request, "customers/customer_detail.html", {**head(request, customer), "events": events})


def head(request: Request, customer: Customer) -> dict[str, Any]:
    """What stands above every section of a customer's page."""
    sections = [(_("Overview"), "customer-detail"), (_("History"), "customer-history")]
    return {"row": customer, "tabs": row_tabs(request, customer, sections)}
