"""The forms of service accounts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.keys.forms import MadeKeyForm


class NewAccountForm(MadeKeyForm):
    """A program that calls models, with its first key."""

    alias = forms.CharField(
        label=_("Name"), max_length=255, help_text=_("What the program is called. Its first key has this name, too.")
    )


class RenameForm(forms.Form):
    """What an account is called; its keys keep their names."""

    name = forms.CharField(label=_("Name"), max_length=255)
