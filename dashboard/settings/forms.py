"""The settings that may be changed at run time, as forms. What the environment decides is shown and stays closed."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.row_forms import Closed, who_helps
from rbacadmin import policy, runtime
from rbacadmin.policy import Action, Actor


class Form(forms.Form):
    """A form over runtime settings. A closed field says why, and who can help."""

    def __init__(self, sent: Any = None, *, actor: Actor) -> None:
        now = {one.name: one for one in runtime.chosen()}
        super().__init__(sent, initial=self.values(now))
        may_change = policy.can(actor, Action.CHANGE_SETTINGS)
        closed = "" if may_change else who_helps(actor, Action.CHANGE_SETTINGS)
        self.closed: dict[str, Closed] = {}
        for name, field in self.fields.items():
            if not may_change:
                field.disabled = True
                self.closed[name] = Closed(str(field.help_text), closed, closed)
                field.help_text = f"{field.help_text} {closed}".strip()
            elif not now[name].editable:
                field.disabled = True
                field.help_text = _("Decided by %(source)s: change it there.") % {"source": now[name].source}

    def values(self, now: dict[str, runtime.Chosen]) -> dict[str, Any]:
        return {name: one.value for name, one in now.items()}

    def changes(self) -> dict[str, Any]:
        """What was changed, as the service takes it."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


class SettingsForm(Form):
    available_teams = forms.CharField(
        label=gettext_lazy("Open teams"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=gettext_lazy("Ids of teams that people of their organization join by themselves, one a line."),
    )
    team_admin_editable_team_fields = forms.BooleanField(
        label=gettext_lazy("Team admins raise their team's budget"),
        required=False,
        help_text=gettext_lazy("Up to what the organization has. Otherwise they set a first budget or lower it."),
    )
    add_creator_to_teams = forms.BooleanField(
        label=gettext_lazy("Whoever makes a team over the API joins it"),
        required=False,
        help_text=gettext_lazy("As its admin, as LiteLLM does."),
    )

    def values(self, now: dict[str, runtime.Chosen]) -> dict[str, Any]:
        found = super().values(now)
        return {
            **found,
            "available_teams": "\n".join(found["available_teams"]),
            "team_admin_editable_team_fields": bool(found["team_admin_editable_team_fields"]),
        }

    def clean_available_teams(self) -> list[str]:
        return str(self.cleaned_data["available_teams"]).split()

    def clean_team_admin_editable_team_fields(self) -> list[str]:
        return ["raise_max_budget"] if self.cleaned_data["team_admin_editable_team_fields"] else []


class JwtForm(Form):
    jwt = forms.CharField(
        label=gettext_lazy("Roles in tokens"),
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "roles_jwt_field is the claim that holds the roles. role_mappings say which role of the token stands for "
            "which platform role; to become a platform admin, a role is named in full, without a pattern. "
            "role_permissions narrow what a role may call."
        ),
    )

    def values(self, now: dict[str, runtime.Chosen]) -> dict[str, Any]:
        return {"jwt": json.dumps(now["jwt"].value, indent=2, ensure_ascii=False)}

    def clean_jwt(self) -> Any:
        try:
            return json.loads(self.cleaned_data["jwt"])
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(_("This is no JSON.")) from error
