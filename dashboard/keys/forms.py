"""The forms of keys."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.places import PlaceField, Places
from dashboard.row_forms import LIVES, LIVES_HELP, LimitForm, end_of
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams.models import Team

PLACES: dict[str, tuple[Any, Action]] = {
    "team": (Team.objects.all(), Action.CREATE_KEYS),
    "project": (Project.objects.all(), Action.CREATE_KEYS),
    "organization": (Organization.objects.all(), Action.SEE_ORGANIZATIONS),
}
GRACES = [("0", _("at once")), ("1", _("in an hour")), ("24", _("in a day")), ("168", _("in a week"))]


class KeyForm(LimitForm):
    """A key's own fields."""

    label_of_row: ClassVar[str] = "keys.Key"

    alias = forms.CharField(label=_("Name"), max_length=255, required=False, help_text=_("What the key is for."))

    field_order: Iterable[str] | None = ("alias",)


class EditKeyForm(KeyForm):
    """Changing a key; its end can be set anew or left."""

    expires_at = forms.DateTimeField(
        label=_("Stops working at"), required=False, help_text=_("Date and time in UTC, for example 2027-01-31 18:00."),
        widget=forms.DateTimeInput(attrs={"placeholder": "2027-01-31 18:00"}, format="%Y-%m-%d %H:%M"),
    )  # fmt: skip

    field_order: Iterable[str] | None = ("alias", "expires_at")


class MadeKeyForm(KeyForm):
    """A key that is to be made: what it may, and how long."""

    expires = forms.ChoiceField(
        label=_("Stops working"), choices=LIVES, required=False, initial="90", help_text=LIVES_HELP
    )

    field_order: Iterable[str] | None = ("alias", "expires")

    def values(self) -> dict[str, Any]:
        """The columns of the new key."""
        names = ("alias", *self.LIMITS)
        found = {name: self.cleaned_data[name] for name in names if self.cleaned_data[name] not in (None, "")}
        return {**found, **end_of(self.cleaned_data["expires"])}


class NewKeyForm(MadeKeyForm):
    """Where the key lives, and for whom it is."""

    home = PlaceField(label=_("Lives in"), required=False)
    owner = forms.ChoiceField(label=_("For"), required=False)
    person = forms.CharField(
        label=_("Person"),
        max_length=254,
        required=False,
        help_text=_("E-mail or id, for a key for somebody else."),
    )

    field_order: Iterable[str] | None = ("alias", "home", "owner", "person", "expires")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        chosen = str(kwargs.get("initial", {}).get("home", ""))
        self.fields["home"].offer(homes(actor, chosen))  # type: ignore[attr-defined]
        self.offer_owners(actor)

    def offer_owners(self, actor: Actor) -> None:
        """Whom a key can be for. What this person can do nowhere is not offered, and the form says who can."""
        others = policy.can_somewhere(actor, Action.CREATE_KEYS_FOR_OTHERS)
        service = policy.can_somewhere(actor, Action.CREATE_SERVICE_KEYS)
        found = [("me", _("me"))]
        found += [("person", _("somebody else"))] if others else []
        found += [("service", _("a service account"))] if service else []
        self.fields["owner"].choices = found  # type: ignore[attr-defined]
        if not others:
            del self.fields["person"]
        if not (others and service):
            self.fields["owner"].help_text = _(
                "Keys for others and for programs are made by who manages their team or project."
            )

    def place(self) -> dict[str, Any]:
        """The scope chosen, as services take it. Raises NotFound or PermissionDenied."""
        return homes(self.actor).at(self.cleaned_data["home"])


class RegenerateForm(forms.Form):
    """How long the old secret keeps working."""

    grace = forms.ChoiceField(label=_("The old secret stops working"), choices=GRACES, initial="0")

    def span(self) -> timedelta | None:
        hours = int(self.cleaned_data["grace"])
        return timedelta(hours=hours) if hours else None


def homes(actor: Actor, chosen: str = "") -> Places:
    """Where this person may make keys: nowhere in particular, then teams, projects and organizations."""
    return Places(actor, PLACES, [("", _("no team: a personal key"))], chosen)
