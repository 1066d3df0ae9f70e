"""The form of the tester of claims."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

EXAMPLE = """{
  "sub": "00u1a2b3",
  "email": "ann@example.com",
  "email_verified": true,
  "groups": ["llm-admins"]
}"""


class ClaimsForm(forms.Form):
    """Claims as the provider would send them."""

    claims = forms.CharField(
        label=gettext_lazy("Claims"),
        max_length=20_000,
        help_text=gettext_lazy("A JSON object. It is looked at and forgotten: nothing is stored or changed."),
        initial=EXAMPLE,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "code"}),
    )

    def clean_claims(self) -> dict[str, Any]:
        try:
            found = json.loads(self.cleaned_data["claims"])
        except (ValueError, RecursionError) as error:
            raise ValidationError(_("This is no JSON: %(why)s.") % {"why": error}) from error
        if not isinstance(found, dict) or not isinstance(found.get("sub"), str) or not found["sub"]:
            raise ValidationError(_('Claims are an object with at least "sub", the provider\'s id of the person.'))
        return found
