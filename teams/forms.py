"""Forms of signing in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PasswordForm(forms.Form):
    """A new password, twice. Whether it is good enough is the service's to say."""

    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters."),
    )
    password2 = forms.CharField(
        label=_("Password (again)"),
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any] | None:
        found = super().clean() or {}
        if {"password1", "password2"} <= set(found) and found["password1"] != found["password2"]:
            self.add_error("password2", _("The two passwords are not the same."))
        return found
