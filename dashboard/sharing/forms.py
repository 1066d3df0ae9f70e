"""With which team, what its members may do, and until when."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.here.doing import AREAS
from dashboard.places import PlaceField, Places
from rbacadmin import policy
from rbacadmin.policy import ROLES, Action, Actor
from rbacadmin.policy.roles import GRANTABLE, distinct_roles
from teams.models import Team, role_label

CHOSEN = "chosen"


class ShareForm(forms.Form):
    """What a team's members may do. What the actor does not hold is not offered."""

    level = forms.ChoiceField(label=gettext_lazy("Its members may"))
    expires_at = forms.DateTimeField(
        label=gettext_lazy("Ends at"), required=False,
        help_text=gettext_lazy("Date and time in UTC, for example 2027-01-31 18:00. Empty: as long as you can."),
        widget=forms.DateTimeInput(attrs={"placeholder": "2027-01-31 18:00"}, format="%Y-%m-%d %H:%M"),
    )  # fmt: skip
    actions = forms.MultipleChoiceField(
        label=gettext_lazy("One by one"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Counts when “do only what is ticked below” is chosen."),
    )

    def __init__(self, *args: Any, actor: Actor, scope: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.scope = actor, scope
        held = {action for action in GRANTABLE[scope.kind] if policy.can(actor, action, scope)}
        levels = [role for role in distinct_roles(scope.kind) if ROLES[scope.kind][role] <= held]
        named = [(role, _("do the same as: %(role)s") % {"role": role_label(scope.kind, role)}) for role in levels]
        self.fields["level"].choices = [*named, (CHOSEN, _("do only what is ticked below"))]  # type: ignore[attr-defined]
        self.fields["actions"].choices = by_area(scope, held)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("level") == CHOSEN and not found.get("actions") and "actions" not in self.errors:
            raise ValidationError({"actions": _("Tick what they may do.")})
        return found

    def given(self) -> dict[str, Any]:
        """What the service takes."""
        level = self.cleaned_data["level"]
        ticked = frozenset(map(Action, self.cleaned_data["actions"]))
        actions = ticked if level == CHOSEN else ROLES[self.scope.kind][level]
        return {"actions": actions, "expires_at": self.cleaned_data["expires_at"]}

    def groups(self) -> list[tuple[str, list[Any]]]:
        return [("", [self[name] for name in self.fields])]


class NewShareForm(ShareForm):
    """With which team, too."""

    team = PlaceField(
        label=gettext_lazy("Team"),
        error_messages={"invalid_choice": gettext_lazy("No team of that name that you can see.")},
    )

    field_order = ("team", "level", "expires_at", "actions")

    def __init__(self, *args: Any, actor: Actor, scope: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, scope=scope, **kwargs)
        self.teams = choosable(actor, scope)
        self.fields["team"].offer(self.teams)  # type: ignore[attr-defined]

    def clean_team(self) -> Team:
        team: Team = self.teams.at(self.cleaned_data["team"])["team"]
        return team


def choosable(actor: Actor, scope: Any) -> Places:
    """The other teams of the organization that the actor sees."""
    home = scope.pk if scope.kind == "organization" else scope.organization_id
    inside = Team.objects.filter(organization_id=home).exclude(pk=scope.pk)
    return Places(actor, {"team": (inside, Action.SEE_TEAMS)}, [("", _("Choose a team"))])


def by_area(scope: Any, held: set[Action]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be given, under headings."""
    known = {action: str(name) for name, actions in AREAS.items() for action in actions}
    itself = _("The %(kind)s itself") % {"kind": scope._meta.verbose_name}
    found: dict[str, list[tuple[str, str]]] = {itself: []}
    for action in Action:
        if action in held:
            label = str(action.label)
            found.setdefault(known.get(action, itself), []).append((action.value, label[:1].upper() + label[1:]))
    return [(name, rows) for name, rows in found.items() if rows]
