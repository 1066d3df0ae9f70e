"""How customers are listed: the end users of somebody's product that have limits of their own."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from dashboard.listing import Column, Filter, Listing
from dashboard.spending import with_spend
from gateway.models import Customer
from rbacadmin import money
from rbacadmin.policy import Action

CUSTOMERS = Customer.objects.all()


def in_state(rows: Any, state: str) -> Any:
    return rows.exclude(blocked_by="") if state == "blocked" else rows.filter(blocked_by="")


LISTING: Listing[Customer] = Listing(
    name="customers",
    title=_("Customers"),
    action=Action.VIEW_CUSTOMERS,
    orders={"public_id": _("By id"), "-created_at": _("Newest first"), "-updated_at": _("Last changed")},
    filters=(Filter("state", _("State"), (("active", _("active")), ("blocked", _("blocked"))), in_state),),
    columns=(
        Column("id", "public_id", lambda customer: customer.public_id),
        Column("name", "name", lambda customer: customer.name),
        Column("spend_usd", "spend", lambda customer: money.to_number(customer.spend.current)),
        Column("budget_usd", "max_budget", lambda customer: money.to_number(customer.max_budget)),
        Column("resets", "budget_duration", lambda customer: customer.budget_duration),
        Column("requests_a_minute", "rpm_limit", lambda customer: customer.rpm_limit),
        Column("tokens_a_minute", "tpm_limit", lambda customer: customer.tpm_limit),
        Column("models", "models", lambda customer: customer.models),
        Column("blocked_by", "blocked_by", lambda customer: customer.blocked_by),
        Column("created", "created_at", lambda customer: customer.created_at),
    ),
    searched=("public_id", "name"),
    prepare=with_spend,
)
