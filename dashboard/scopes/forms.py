"""The fields that scopes share."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.row_forms import LimitForm, NamesField


class ScopeForm(LimitForm):
    """A name, tags and limits; the same form makes a scope and changes it."""

    alias = forms.CharField(label=_("Name"), max_length=255)
    tags = NamesField(
        label=_("Tags"),
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
        help_text=_("For finding and reporting, separated by commas."),
    )

    field_order: Iterable[str] | None = ("alias", "tags")

    def column(self, name: str, value: Any) -> Any:
        return value or [] if name == "tags" else value

    def values(self) -> dict[str, Any]:
        """The columns of a new scope: what was filled in."""
        left_out = self.places()
        found = {name: value for name, value in self.cleaned_data.items() if name not in left_out}
        return {name: value for name, value in found.items() if value not in (None, "", [])}

    def places(self) -> tuple[str, ...]:
        """The fields that say where it lives, and are no columns."""
        return ()
