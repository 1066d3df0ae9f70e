"""The forms of membership."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from rbacadmin.policy import SCOPED_ROLES, meaning
from teams.models import ROLE_LABELS


class RoleForm(forms.Form):
    """A role in a team."""

    ROLES: ClassVar = [
        {"value": role, "label": ROLE_LABELS[role], "meaning": meaning(role)} for role in reversed(SCOPED_ROLES["team"])
    ]

    role = forms.ChoiceField(
        label=_("Role"), choices=[(role["value"], role["label"]) for role in ROLES], initial="user"
    )


class AddMemberForm(RoleForm):
    """Whom to add, and as what."""

    email = forms.CharField(
        label=_("E-mail or id"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    field_order = ("email", "role")
