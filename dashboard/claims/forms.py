"""The form of the tester of claims."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keys.tokens import TokenRefused
from keys.tokens.parsing import decoded
from keys.tokens.verification import looks_like_token

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
        help_text=gettext_lazy(
            "A JSON object, or a whole token, of which the claims are read and the signature is not checked. "
            "It is looked at and forgotten: nothing is stored or changed."
        ),
        initial=EXAMPLE,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "code"}),
    )

    def clean_claims(self) -> dict[str, Any]:
        found = claims_in(self.cleaned_data["claims"])
        if not isinstance(found, dict) or not isinstance(found.get("sub"), str) or not found["sub"]:
            raise ValidationError(_('Claims are an object with at least "sub", the provider\'s id of the person.'))
        return found


def claims_in(text: str) -> Any:
    """What JSON says, or the middle of a token. Raises ValidationError."""
    text = text.removeprefix("Bearer ").strip()
    if looks_like_token(text):
        try:
            return decoded(text.split(".")[1])
        except TokenRefused as error:
            raise ValidationError(error.message) from error
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValidationError(_("This is neither JSON (%(why)s) nor a token.") % {"why": error}) from error
