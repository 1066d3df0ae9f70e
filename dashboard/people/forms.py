"""The forms of people."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.places import PlaceField, organizations
from dashboard.row_forms import LIVES, PERIODS, CountField, LimitForm, MoneyField, end_of
from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.policy import PLATFORM_ROLES, Action, Actor, fields, meaning
from teams.models import ROLE_LABELS
from teams.services.people import scoped_equivalent

ROLES = [(role, f"{ROLE_LABELS[role]}: {meaning(role)}") for role in PLATFORM_ROLES]


class PersonForm(LimitForm):
    """A person's profile, platform role and own limits."""

    label_of_row: ClassVar[str] = "teams.User"

    name = forms.CharField(label=_("Name"), max_length=255, required=False)
    platform_role = forms.ChoiceField(label=_("Platform role"), choices=ROLES)
    sso_id = forms.CharField(
        label=_("Id at single sign-on"),
        max_length=255,
        required=False,
        help_text=_('What the provider calls them: the claim "sub". Whoever has this identity signs in as them.'),
    )

    field_order: Iterable[str] | None = ("name", "platform_role", "sso_id")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.row is None or "sso_id" not in fields.readable(self.actor, self.row):
            del self.fields["sso_id"]

    def column(self, name: str, value: Any) -> Any:
        return value or None if name == "sso_id" else super().column(name, value)


class NewPersonForm(forms.Form):
    """Somebody new, where they begin, and their first key."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=255, required=False)
    organization = PlaceField(label=_("Organization"), required=False)
    platform_role = forms.ChoiceField(label=_("Platform role"))
    with_key = forms.BooleanField(label=_("Make a first key for them; its secret is shown once"), required=False)
    key_alias = forms.CharField(label=_("Name of the key"), max_length=255, required=False)
    expires = forms.ChoiceField(label=_("The key stops working"), choices=LIVES, required=False, initial="90")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        anywhere = policy.can(actor, Action.CREATE_PLATFORM_PEOPLE)
        nowhere = [("", _("no organization"))] if anywhere else []
        chosen = str(kwargs.get("initial", {}).get("organization", ""))
        places = organizations(actor, Action.CREATE_PEOPLE, nowhere, chosen)
        roles = [(role, words) for role, words in ROLES if anywhere or scoped_equivalent(role)]
        self.fields["organization"].offer(places)  # type: ignore[attr-defined]
        self.fields["platform_role"].choices = roles  # type: ignore[attr-defined]
        self.initial.setdefault("platform_role", next(role for role, _ in roles if scoped_equivalent(role)))

    def homes(self) -> list[Organization]:
        """The organization chosen, if any. Raises NotFound or PermissionDenied."""
        pk = self.cleaned_data["organization"]
        return [policy.find(self.actor, Action.CREATE_PEOPLE, Organization, pk)] if pk else []

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("email", "name", "platform_role")}

    def key(self) -> dict[str, Any] | None:
        """The columns of the first key; None for no key."""
        if not self.cleaned_data["with_key"]:
            return None
        return {"alias": self.cleaned_data["key_alias"], **end_of(self.cleaned_data["expires"])}

    def groups(self) -> list[tuple[Any, list[Any]]]:
        person = [self[name] for name in ("email", "name", "organization", "platform_role")]
        return [("", person), (_("First key"), [self[name] for name in ("with_key", "key_alias", "expires")])]


class EmailForm(forms.Form):
    """A new address; one's own takes the password."""

    email = forms.EmailField(label=_("New e-mail"), max_length=254)
    current_password = forms.CharField(
        label=_("Your current password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
        max_length=4096,
    )

    def __init__(self, *args: Any, oneself: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not oneself:
            del self.fields["current_password"]

    def groups(self) -> list[tuple[str, list[Any]]]:
        return [("", list(self))]


class BulkForm(forms.Form):
    """What several people get at once. What is left empty stays as it is with each."""

    platform_role = forms.ChoiceField(label=_("Platform role"), choices=[("", _("as it is")), *ROLES], required=False)
    max_budget = MoneyField(label=_("Budget in dollars"), help_text=_("Empty: as it is."))
    budget_duration = forms.ChoiceField(
        label=_("The budget resets"), choices=[("", _("as it is")), *PERIODS[1:]], required=False
    )
    rpm_limit = CountField(label=_("Requests a minute"), help_text=_("Empty: as it is."))
    tpm_limit = CountField(label=_("Tokens a minute"), help_text=_("Empty: as it is."))

    def changes(self) -> dict[str, Any]:
        """What was filled in; what the form carries besides is no change."""
        values = {name: self.cleaned_data[name] for name in BulkForm.base_fields}
        return {name: value for name, value in values.items() if value not in (None, "")}
