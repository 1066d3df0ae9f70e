"""The forms of models."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.places import PlaceField, Places
from dashboard.row_forms import CountField, MoneyField, RowForm
from gateway.models import CatalogModel
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams.models import Team

PLACES: dict[str, tuple[Any, Action]] = {
    "team": (Team.objects.all(), Action.ADD_TEAM_MODELS),
    "project": (Project.objects.all(), Action.MANAGE_MODELS),
    "organization": (Organization.objects.all(), Action.MANAGE_MODELS),
}


class ModelForm(RowForm):
    """What a model is called by, what it calls, and what it costs."""

    label_of_row: ClassVar[str] = "gateway.CatalogModel"
    PARAMS: ClassVar = ("model", "api_base", "api_version")
    COLUMNS: ClassVar = ("name", "input_price", "output_price", "rpm_limit", "tpm_limit")

    name = forms.CharField(label=_("Name"), max_length=255, help_text=_("What callers ask for, for example gpt-4o."))
    model = forms.CharField(
        label=_("Model of the provider"), max_length=255, required=False,
        help_text=_("Provider and model, for example openai/gpt-4o. mock/echo answers by itself, to try things out."),
    )  # fmt: skip
    api_base = forms.CharField(
        label=_("Address"), max_length=2000, required=False,
        help_text=_("Where it is called, when not at the provider's own address: https and public."),
    )  # fmt: skip
    api_version = forms.CharField(label=_("Version of the API"), max_length=64, required=False)
    credential = forms.CharField(
        label=_("Credential"), max_length=20_000, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "spellcheck": "false"}),
        help_text=_("The provider's key. Kept encrypted and never shown again."),
    )  # fmt: skip
    input_price = MoneyField(label=_("Input: dollars for a million tokens"))
    output_price = MoneyField(label=_("Output: dollars for a million tokens"))
    rpm_limit = CountField(label=_("Requests a minute"))
    tpm_limit = CountField(label=_("Tokens a minute"))

    field_order: Iterable[str] | None = ("name", "home")

    def __init__(self, *args: Any, actor: Actor, row: CatalogModel | None = None, **kwargs: Any) -> None:
        plain = {name: row.params.get(name, "") for name in self.PARAMS} if row else {}
        super().__init__(*args, actor=actor, row=row, **{**kwargs, "initial": {**plain, **kwargs.get("initial", {})}})
        if row is not None and row.credential:
            self.fields["credential"].help_text = _("One is stored. Leave this empty to keep it; it is never shown.")

    def values(self) -> dict[str, Any]:
        """The columns of a new model, and its parameters."""
        found = {name: value for name in self.COLUMNS if (value := self.cleaned_data[name]) not in (None, "")}
        return {**found, "params": {name: value for name, value in self.given().items() if value}}

    def changes(self) -> dict[str, Any]:
        """What was changed: a parameter that was emptied is cleared, and an empty credential kept."""
        changed = [name for name in self.changed_data if name in self.COLUMNS]
        found = {name: self.column(name, self.cleaned_data[name]) for name in changed}
        params = {name: value for name, value in self.given().items() if self.form_name(name) in self.changed_data}
        return {**found, "params": params} if params else found

    def given(self) -> dict[str, Any]:
        """The parameters as the form has them; the credential only where there is one."""
        found = {name: self.cleaned_data[name] or None for name in self.PARAMS}
        secret = self.cleaned_data["credential"]
        return {**found, "api_key": secret} if secret else found

    @staticmethod
    def form_name(param: str) -> str:
        return "credential" if param == "api_key" else param

    def column(self, name: str, value: Any) -> Any:
        """An empty price is none."""
        return value or 0 if name.endswith("_price") else value

    def groups(self) -> list[tuple[str, list[Any]]]:
        costs = ("input_price", "output_price", "rpm_limit", "tpm_limit")
        named = [self[name] for name in self.fields if name not in costs]
        return [("", named), (str(_("Prices and limits")), [self[name] for name in costs])]


class NewModelForm(ModelForm):
    """The model, and who brings it."""

    home = PlaceField(label=_("Owner"), required=False, help_text=_("Who may use it, and who pays for it."))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        chosen = str(kwargs.get("initial", {}).get("home", ""))
        self.fields["home"].offer(homes(actor, chosen))  # type: ignore[attr-defined]

    def place(self) -> dict[str, Any]:
        """The owner as services take it; nothing is the platform. Raises NotFound or PermissionDenied."""
        return homes(self.actor).at(self.cleaned_data["home"])


def homes(actor: Actor, chosen: str = "") -> Places:
    """For whom this person may bring models: for the platform only those who run it."""
    everybody = [("", _("the platform: for everybody whose lists allow it"))]
    return Places(actor, PLACES, everybody if policy.can(actor, Action.MANAGE_MODELS) else [], chosen)
