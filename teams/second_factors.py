"""How passkeys and security keys are called here."""

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from teams.models import User


class FactorAdapter(DefaultMFAAdapter):
    """Names that are no other thing's: the master key of this product opens the whole platform."""

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        """`Passkey`, `Passkey 2`: offered in the form, for the person to overwrite."""
        held = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(number)s") % {"number": held + 1} if held else _("Passkey")


class AddPasskeyForm(AddWebAuthnForm):
    """Adding one, in the words of the rest of the dashboard."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = gettext_lazy("Name")
        choice = self.fields["passwordless"]
        choice.label = gettext_lazy("It signs me in without my password too")
        choice.help_text = gettext_lazy("The device then asks for your finger, your face or its code.")
