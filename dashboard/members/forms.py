"""The forms of membership."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.row_forms import LimitForm


class RoleForm(forms.Form):
    """A role in a scope; `roles` are those of its kind, as `Place.roles` gives them."""

    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, roles: list[dict[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles = roles
        self.fields["role"].choices = [(role["value"], role["label"]) for role in roles]  # type: ignore[attr-defined]


class AddMemberForm(RoleForm):
    """Whom to add, and as what."""

    email = forms.CharField(
        label=_("E-mail or id"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    field_order = ("email", "role")


class MemberForm(LimitForm):
    """A member's own limits in the scope, and when the membership ends."""

    label_of_row: ClassVar[str] = "teams.Membership"

    expires_at = forms.DateTimeField(
        label=_("Ends at"), required=False, help_text=_("Date and time in UTC, for example 2027-01-31 18:00."),
        widget=forms.DateTimeInput(attrs={"placeholder": "2027-01-31 18:00"}, format="%Y-%m-%d %H:%M"),
    )  # fmt: skip

    field_order: Iterable[str] | None = ("expires_at",)
