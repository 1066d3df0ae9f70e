"""The forms of teams themselves."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.places import PlaceField, Places, organizations
from dashboard.row_forms import LimitForm
from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.roles import MEMBER_ACTIONS
from teams.models import Team

NOWHERE = "none"  # a team that moves to no organization, told apart from nothing chosen


class TeamForm(LimitForm):
    """A team's own fields."""

    label_of_row: ClassVar[str] = "teams.Team"

    alias = forms.CharField(label=_("Name"), max_length=255)

    field_order: Iterable[str] | None = ("alias",)


class NewTeamForm(TeamForm):
    """The team, and the organization that it lives in."""

    organization = PlaceField(label=_("Organization"), required=False)

    field_order: Iterable[str] | None = ("alias", "organization")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        chosen = str(kwargs.get("initial", {}).get("organization", ""))
        self.fields["organization"].offer(homes(actor, chosen))  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """The columns of the new team."""
        names = ("alias", *self.LIMITS)
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data[name] not in (None, "")}


class MoveForm(forms.Form):
    """Where the team goes: to another place than its own, which has to be chosen."""

    organization = PlaceField(label=_("To"))

    def __init__(self, *args: Any, actor: Actor, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].offer(others(actor, team))  # type: ignore[attr-defined]


class PermissionsForm(forms.Form):
    """What members may do with the team's keys."""

    granted = forms.MultipleChoiceField(
        choices=[(action.value, action.label) for action in MEMBER_ACTIONS], required=False
    )

    def actions(self) -> frozenset[Action]:
        return frozenset(Action(value) for value in self.cleaned_data["granted"])


def homes(actor: Actor, chosen: str = "") -> Places:
    """Where this person may put a team: in no organization only those who may do so anywhere."""
    alone = [("", _("no organization"))] if policy.can(actor, Action.CREATE_TEAMS) else []
    return organizations(actor, Action.CREATE_TEAMS, alone, chosen)


def others(actor: Actor, team: Team) -> Places:
    """Where this person may move the team, without the place where it is."""
    nothing = [("", _("choose where it goes"))]
    if team.organization_id and policy.can(actor, Action.CREATE_TEAMS):
        nothing.append((NOWHERE, _("no organization")))
    rows = Organization.objects.exclude(pk=team.organization_id) if team.organization_id else Organization.objects.all()
    return Places(actor, {"organization": (rows, Action.CREATE_TEAMS)}, nothing)


def organization_of(actor: Actor, form: forms.Form) -> Organization | None:
    """The organization that the form names. Raises NotFound or PermissionDenied."""
    pk = form.cleaned_data["organization"]
    return policy.find(actor, Action.CREATE_TEAMS, Organization, pk) if pk not in ("", NOWHERE) else None
