"""The screens of shared budgets, for those who run the platform: the list, one, making, changing and ending them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dashboard.asking import Question, ask_first
from dashboard.budgets.forms import BudgetForm, NewBudgetForm
from dashboard.budgets.listing import BUDGETS, LISTING, SHOWN, holders_of, with_holders
from dashboard.form_pages import form_page, saved
from dashboard.history import history_of
from dashboard.tabs import row_tabs
from gateway.budgets.services import create_budget, delete_budget, update_budget
from gateway.models import Budget
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action


@require_GET
def budget_list(request: Request) -> HttpResponseBase:
    """All shared budgets."""
    policy.require(request.actor, Action.VIEW_BUDGETS)

    def more(budgets: Sequence[Budget]) -> dict[str, Any]:
        return {"budgets": with_holders(request.actor, budgets)}

    return LISTING.page_or_file(request, BUDGETS, "budgets/budget_list.html", more)


@require_GET
def budget_detail(request: Request, pk: UUID) -> HttpResponse:
    """One budget: what it allows, and who holds it."""
    budget = policy.find(request.actor, Action.VIEW_BUDGETS, BUDGETS, pk)
    holders = holders_of(budget)
    context = {**head(request, budget), "holders": holders[:SHOWN], "more": len(holders) > SHOWN}
    return render(request, "budgets/budget_detail.html", context)


@require_GET
def budget_history(request: Request, pk: UUID) -> HttpResponse:
    """What happened to one budget."""
    budget = policy.find(request.actor, Action.VIEW_BUDGETS, BUDGETS, pk)
    events = history_of(request.actor, budget, request.GET.get("after"))
    return render(request, "budgets/budget_detail.html", {**head(request, budget), "events": events})


@require_http_methods(["GET", "POST"])
def budget_new(request: Request) -> HttpResponseBase:
    """Make a budget. Nobody holds it yet."""
    policy.require(request.actor, Action.MANAGE_BUDGETS)
    form = NewBudgetForm(request.POST or None, actor=request.actor)
    if budget := saved(request, form, lambda: create_budget(request.actor, **form.values())):
        messages.success(request, _("The budget %(budget)s is there.") % {"budget": budget.label})
        return redirect("budget-detail", pk=budget.pk)
    return form_page(request, form, title=_("New shared budget"), button=_("Make the budget"),
                     back=reverse("budget-list"), back_label=_("Shared budgets"))  # fmt: skip


@require_http_methods(["GET", "POST"])
def budget_edit(request: Request, pk: UUID) -> HttpResponseBase:
    """Change a budget: at once, for everybody who holds it."""
    budget = policy.find(request.actor, Action.MANAGE_BUDGETS, BUDGETS, pk)
    form = BudgetForm(request.POST or None, actor=request.actor, row=budget)
    back = reverse("budget-detail", args=(budget.pk,))
    if saved(request, form, lambda: update_budget(request.actor, budget, **form.changes())):
        messages.success(request, _("The budget was changed."))
        return redirect(back)
    return form_page(request, form, title=_("Change %(budget)s") % {"budget": budget.label}, button=_("Save"),
                     text=_("What you save counts at once for everybody who holds the budget."),
                     back=back, back_label=budget.label)  # fmt: skip


@require_http_methods(["GET", "POST"])
def budget_delete(request: Request, pk: UUID) -> HttpResponseBase:
    """Ask, then delete a budget that nobody holds; those who do are named."""
    budget = policy.find(request.actor, Action.MANAGE_BUDGETS, BUDGETS, pk)
    question = Question(
        _("Delete %(budget)s?") % {"budget": budget.label},
        [_("It can only go when nobody holds it: they would have no limits at once.")],
        _("Delete the budget"), reverse("budget-detail", args=(budget.pk,)), typed=budget.label,
    )  # fmt: skip
    if page := ask_first(request, question, lambda: delete_budget(request.actor, budget)):
        return page
    messages.success(request, _("%(budget)s was deleted.") % {"budget": budget.label})
    return redirect("budget-list")


def head(request: Request, budget: Budget) -> dict[str, Any]:
    """What stands above every section of a budget's page."""
    sections = [(_("Overview"), "budget-detail"), (_("History"), "budget-history")]
    return {"row": budget, "tabs": row_tabs(request, budget, sections)}
