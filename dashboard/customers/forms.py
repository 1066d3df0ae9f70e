"""The forms of customers."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.row_forms import LimitForm
from gateway.models import Budget, BudgetHeld, Customer
from rbacadmin import policy
from rbacadmin.policy import Action, Actor

OFFERED = 200  # budgets in the choice; the one that is held is always among them


class CustomerForm(LimitForm):
    """What a customer may. The id stays: calls carry it."""

    label_of_row: ClassVar[str] = "gateway.Customer"

    name = forms.CharField(label=_("Name"), max_length=255, required=False)
    budget = forms.ChoiceField(
        label=_("Shared budget"), required=False, help_text=_("It fills in what the limits below leave open.")
    )
    default_model = forms.CharField(label=_("Model for calls that name none"), max_length=255, required=False)
    allowed_model_region = forms.ChoiceField(
        label=_("Models in"), required=False, choices=[("", _("any region")), *Customer.Region.choices]
    )

    field_order: Iterable[str] | None = ("name", "budget", "default_model", "allowed_model_region")

    def __init__(self, *args: Any, actor: Actor, row: Customer | None = None, **kwargs: Any) -> None:
        held = BudgetHeld.objects.filter(customer=row).select_related("budget").first() if row else None
        initial = {"budget": held.budget.public_id if held else "", **kwargs.pop("initial", {})}
        super().__init__(*args, actor=actor, row=row, initial=initial, **kwargs)
        seen = policy.visible(actor, Action.VIEW_BUDGETS, Budget.objects.order_by("public_id"))
        names = dict.fromkeys([*seen.values_list("public_id", flat=True)[:OFFERED], initial["budget"]])
        choices = [("", _("none")), *((name, name) for name in names if name)]
        self.fields["budget"].choices = choices  # type: ignore[attr-defined]

    def held(self) -> dict[str, Any]:
        """The budget to hold, where that was changed, as the services take it."""
        if "budget" not in self.changed_data:
            return {}
        wanted = self.cleaned_data["budget"]
        return {"budget": policy.find(self.actor, Action.VIEW_BUDGETS, Budget, wanted) if wanted else None}

    def changes(self) -> dict[str, Any]:
        """The columns that were changed."""
        return {name: value for name, value in super().changes().items() if name != "budget"}


class NewCustomerForm(CustomerForm):
    """The id that calls carry in `user`."""

    public_id = forms.CharField(
        label=_("Id"), max_length=255, help_text=_("What calls carry in user. It cannot be changed.")
    )

    field_order: Iterable[str] | None = ("public_id", "name", "budget", "default_model", "allowed_model_region")

    def values(self) -> dict[str, Any]:
        """The columns of the new customer."""
        return {
            name: value for name, value in self.cleaned_data.items() if value not in (None, "") and name != "budget"
        }
