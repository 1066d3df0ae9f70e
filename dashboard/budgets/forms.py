"""The forms of budgets that several rows share."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.row_forms import LimitForm


class BudgetForm(LimitForm):
    """The limits of a budget. Its id stays: holders name it."""

    label_of_row: ClassVar[str] = "gateway.Budget"


class NewBudgetForm(BudgetForm):
    """The id by which keys, organizations and customers hold it."""

    public_id = forms.CharField(
        label=_("Id"), max_length=255, help_text=_("What holders name it by, for example trial. It cannot be changed.")
    )

    field_order: Iterable[str] | None = ("public_id",)

    def values(self) -> dict[str, Any]:
        """The columns of the new budget."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
