"""The forms of the access screens."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.access.objects import KIND_CHOICES, KINDS, asked_of, person_named, subject
from rbacadmin.policy import Actor
from rbacadmin.policy.applies import ACTIONS_OF, ON_THE_PLATFORM
from teams.models import User


def action_choices() -> list[tuple[str, Any]]:
    """The actions under the kind of row that they are asked about."""
    found: list[tuple[str, Any]] = []
    for kind, words in KIND_CHOICES:
        actions = ACTIONS_OF[KINDS[kind]._meta.label] if kind else ON_THE_PLATFORM
        found.append((str(words).capitalize(), [(action.value, action.label) for action in actions]))
    return found


class WhoForm(forms.Form):
    """An action and what it is about."""

    action = forms.ChoiceField(label=gettext_lazy("Action"), choices=action_choices)
    kind = forms.ChoiceField(label=gettext_lazy("About"), choices=KIND_CHOICES, required=False)
    object = forms.CharField(
        label=gettext_lazy("Which one"), max_length=255, required=False, help_text=gettext_lazy("Its name or id.")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if "action" in found and "kind" in found:
            row = subject(self.actor, found["kind"], found.get("object", ""))
            if not asked_of(found["action"], row):
                raise ValidationError({"action": _("That is not asked about this kind of thing.")})
            found["row"] = row
        return found


class ExplainForm(WhoForm):
    """The same, about one person."""

    person = forms.CharField(label=gettext_lazy("Person"), max_length=254, help_text=gettext_lazy("E-mail or id."))

    field_order = ["person", "action", "kind", "object"]

    def clean_person(self) -> User:
        return person_named(self.actor, self.cleaned_data["person"])


class CompareForm(forms.Form):
    """Two people."""

    one = forms.CharField(label=gettext_lazy("One person"), max_length=254)
    other = forms.CharField(label=gettext_lazy("Another person"), max_length=254)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_one(self) -> User:
        return person_named(self.actor, self.cleaned_data["one"])

    def clean_other(self) -> User:
        return person_named(self.actor, self.cleaned_data["other"])
