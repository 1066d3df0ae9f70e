"""The forms of one's own account."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from dashboard.row_forms import RowForm


class ProfileForm(RowForm):
    """What others see of oneself."""

    label_of_row: ClassVar[str] = "teams.User"

    name = forms.CharField(label=_("Name"), max_length=255, required=False)


def password(label: Any, complete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": complete})
    return forms.CharField(label=label, widget=widget, strip=False, max_length=4096)


class PasswordForm(forms.Form):
    """The password so far, and the new one twice."""

    current_password = password(_("Your current password"), "current-password")
    new_password = password(_("New password"), "new-password")
    again = password(_("New password, once more"), "new-password")

    def clean_again(self) -> str:
        again = str(self.cleaned_data["again"])
        if again != self.cleaned_data.get("new_password"):
            raise forms.ValidationError(_now("The two are not the same."))
        return again


class CodeForm(forms.Form):
    """The code that a terminal shows."""

    code = forms.CharField(
        label=_("The code in your terminal"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false",
                                      "placeholder": "BCDF-GHJK", "class": "code"}),
    )  # fmt: skip
