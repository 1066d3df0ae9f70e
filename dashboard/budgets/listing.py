"""How shared budgets are listed, and who holds one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dashboard.listing import Column, Listing
from gateway.models import HOLDERS, Budget, BudgetHeld
from rbacadmin import money
from rbacadmin.policy import Action, Actor

SHOWN = 50  # holders on a budget's page
BUDGETS = Budget.objects.all()
PAGES = {"organization": "organization-detail", "key": "key-detail", "customer": "customer-detail"}


def with_holders(_actor: Actor, budgets: Sequence[Budget]) -> Sequence[Budget]:
    """The budgets, each with how many rows hold it. One query."""
    found = dict(BudgetHeld.objects.filter(budget__in=budgets).values_list("budget").annotate(Count("pk")))
    for budget in budgets:
        budget.holders = found.get(budget.pk, 0)  # type: ignore[attr-defined]
    return budgets


@dataclass(frozen=True)
class Holder:
    """A row that holds a budget: what it is, its name and its page."""

    kind: str
    label: str
    url: str


def holders_of(budget: Budget) -> list[Holder]:
    """Who holds the budget, at most SHOWN and one. One query."""
    found: Iterable[BudgetHeld] = budget.held.select_related(*HOLDERS).order_by("pk")[: SHOWN + 1]
    return [holder_of(held.holder) for held in found]


def holder_of(row: Any) -> Holder:
    kind = row._meta.model_name
    return Holder(str(row._meta.verbose_name), row.label, reverse(PAGES[kind], args=(row.pk,)))


LISTING: Listing[Budget] = Listing(
    name="budgets",
    title=_("Shared budgets"),
    action=Action.VIEW_BUDGETS,
    orders={"public_id": _("By id"), "-created_at": _("Newest first"), "-updated_at": _("Last changed")},
    columns=(
        Column("id", "public_id", lambda budget: budget.public_id),
        Column("budget_usd", "max_budget", lambda budget: money.to_number(budget.max_budget)),
        Column("resets", "budget_duration", lambda budget: budget.budget_duration),
        Column("requests_a_minute", "rpm_limit", lambda budget: budget.rpm_limit),
        Column("tokens_a_minute", "tpm_limit", lambda budget: budget.tpm_limit),
        Column("models", "models", lambda budget: budget.models),
        Column("holders", "public_id", lambda budget: budget.holders),
        Column("created", "created_at", lambda budget: budget.created_at),
    ),
    searched=("public_id",),
    prepare=with_holders,
)
