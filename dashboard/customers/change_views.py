"""Making, changing, blocking and ending customers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.asking import Question, ask_first
from dashboard.customers.forms import CustomerForm, NewCustomerForm
from dashboard.customers.listing import CUSTOMERS
from dashboard.form_pages import form_page, saved
from gateway.customers import services
from gateway.models import Customer
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action


@require_http_methods(["GET", "POST"])
def customer_new(request: Request) -> HttpResponseBase:
    """Know a customer from now on, and limit them."""
    policy.require(request.actor, Action.MANAGE_CUSTOMERS)
    form = NewCustomerForm(request.POST or None, actor=request.actor)

    def make() -> Customer:
        return services.create_customer(request.actor, **form.held(), **form.values())

    if customer := saved(request, form, make):
        messages.success(request, _("%(customer)s is there.") % {"customer": customer.label})
        return redirect("customer-detail", pk=customer.pk)
    return form_page(request, form, title=_("New customer"), button=_("Make the customer"),
                     back=reverse("customer-list"), back_label=_("Customers"))  # fmt: skip


@require_http_methods(["GET", "POST"])
def customer_edit(request: Request, pk: UUID) -> HttpResponseBase:
    """Change what a customer may: at once, for every call that is made for them."""
    customer = policy.find(request.actor, Action.MANAGE_CUSTOMERS, CUSTOMERS, pk)
    form = CustomerForm(request.POST or None, actor=request.actor, row=customer)
    back = reverse("customer-detail", args=(customer.pk,))

    def save() -> Customer:
        return services.change_customer(request.actor, customer, changes=form.changes(), **form.held())

    if saved(request, form, save):
        messages.success(request, _("The customer was changed."))
        return redirect(back)
    return form_page(request, form, title=_("Change %(customer)s") % {"customer": customer.label}, button=_("Save"),
                     back=back, back_label=customer.label)  # fmt: skip


@require_POST
def customer_block(request: Request, pk: UUID) -> HttpResponseBase:
    """Refuse all calls for the customer from this moment on."""
    customer = policy.find(request.actor, Action.MANAGE_CUSTOMERS, CUSTOMERS, pk)
    services.block_customer(request.actor, customer)
    messages.success(request, _("%(customer)s is blocked.") % {"customer": customer.label})
    return redirect("customer-detail", pk=pk)


@require_POST
def customer_unblock(request: Request, pk: UUID) -> HttpResponseBase:
    """Let calls for the customer through again."""
    customer = policy.find(request.actor, Action.MANAGE_CUSTOMERS, CUSTOMERS, pk)
    services.unblock_customer(request.actor, customer)
    messages.success(request, _("Calls for %(customer)s go through again.") % {"customer": customer.label})
    return redirect("customer-detail", pk=pk)


@require_http_methods(["GET", "POST"])
def customer_delete(request: Request, pk: UUID) -> HttpResponseBase:
    """Ask, then forget a customer: calls for them go through without limits of theirs."""
    customer = policy.find(request.actor, Action.MANAGE_CUSTOMERS, CUSTOMERS, pk)
    question = Question(
        _("Delete %(customer)s?") % {"customer": customer.label},
        [_("Calls for them go through without limits of their own."), _("What they spent stays on record.")],
        _("Delete the customer"), reverse("customer-detail", args=(customer.pk,)), typed=customer.public_id,
    )  # fmt: skip
    if page := ask_first(request, question, lambda: services.delete_customers(request.actor, customer)):
        return page
    messages.success(request, _("%(customer)s was deleted.") % {"customer": customer.label})
    return redirect("customer-list")
