"""With which team, what its members may do, and until when."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.here.doing import AREAS
from dashboard.sharing.listing import roles
from rbacadmin import policy
from rbacadmin.models import fold
from rbacadmin.policy import ROLES, Action, Actor
from rbacadmin.policy.roles import GRANTABLE
from teams.models import Team, role_label

OFFERED = 200  # teams in a choice; whoever sees more names one
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
        levels = [role for role in roles(scope.kind) if ROLES[scope.kind][role] <= held]
        named = [(role, _("do what this means: %(role)s") % {"role": role_label(scope.kind, role)}) for role in levels]
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

    field_order = ("team", "level", "expires_at", "actions")

    def __init__(self, *args: Any, actor: Actor, scope: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, scope=scope, **kwargs)
        self.teams = choosable(actor, scope)
        found = list(self.teams.order_by("alias_key", "pk")[: OFFERED + 1])
        if len(found) > OFFERED:
            told = _("Its name or id: you see more teams than a list can hold.")
            self.fields["team"] = forms.CharField(label=_("Team"), max_length=255, help_text=told)
        else:
            rows = [("", _("Choose a team")), *((str(team.pk), team.label) for team in found)]
            self.fields["team"] = forms.ChoiceField(label=_("Team"), choices=rows)
        self.order_fields(self.field_order)

    def clean_team(self) -> Team:
        """The team, by its id or by its name."""
        text = self.cleaned_data["team"].strip()
        found = list(self.teams.filter(Team.named(text) | Q(alias_key=fold(text)))[:2])
        if len(found) != 1:
            raise ValidationError(_("No team of that name that you can see."))
        return found[0]


def choosable(actor: Actor, scope: Any) -> QuerySet[Team]:
    """The other teams of the organization that the actor sees."""
    home = scope.pk if scope.kind == "organization" else scope.organization_id
    inside = Team.objects.filter(organization_id=home).exclude(pk=scope.pk)
    return policy.visible(actor, Action.SEE_TEAMS, inside)


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
