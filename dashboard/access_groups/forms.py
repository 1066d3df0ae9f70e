"""The forms of access groups."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.row_forms import NamesField, RowForm


class GroupForm(RowForm):
    """What a group stands for. Its name stays: lists name it."""

    label_of_row: ClassVar[str] = "gateway.ModelAccessGroup"

    models = NamesField(label=_("Models"), help_text=_("Names of the platform's models, separated by commas."))
    description = forms.CharField(
        label=_("Description"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def column(self, name: str, value: Any) -> Any:
        """An empty list stays one, for the service to refuse: None would keep what is there."""
        return [] if name == "models" and value is None else value


class NewGroupForm(GroupForm):
    """The group's name, which no model has."""

    name = forms.CharField(label=_("Name"), max_length=255, help_text=_("Used in lists wherever a model's name is."))

    field_order: Iterable[str] | None = ("name", "models", "description")

    def values(self) -> dict[str, Any]:
        return {name: self.column(name, value) for name, value in self.cleaned_data.items()}
