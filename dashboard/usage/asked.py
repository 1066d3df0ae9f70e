"""What the address of the usage screen asks for. What it asks for and is not known is passed over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams.models import Team, User

# What is told apart, whose rows these are, and the page of one. Models are no rows here: lines name them.
ENTITIES: dict[str, tuple[Any, Any, str]] = {
    "organization": (_("Organization"), Organization, "organization-detail"),
    "team": (_("Team"), Team, "team-detail"),
    "project": (_("Project"), Project, "project-detail"),
    "person": (_("Person"), User, "person-detail"),
    "key": (_("Key"), Key, "key-detail"),
}
BY: dict[str, Any] = {**{name: label for name, (label, *_rest) in ENTITIES.items()}, "model": _("Model")}
# What has no row of its own, and cuts across organizations: for those who see all that was spent.
LABELS: dict[str, Any] = {"tag": _("Tag"), "customer": _("End user")}
PERIODS: dict[str, Any] = {"7": _("7 days"), "30": _("30 days"), "90": _("90 days")}
MEASURES: dict[str, Any] = {"spend": _("Spend"), "requests": _("Requests"), "tokens": _("Tokens")}


@dataclass(frozen=True)
class Asked:
    """By what, over how many days up to `last`, what is counted; `of` is one row's id, then told apart by model."""

    by: str
    days: int
    measure: str
    of: str
    last: date

    @property
    def first(self) -> date:
        return self.last - timedelta(days=self.days - 1)

    @property
    def grouped_by_model(self) -> bool:
        return self.by == "model" or bool(self.of)

    @property
    def column(self) -> str:
        """By what the lines are added up."""
        return "model" if self.grouped_by_model else "object_id"


def asked(actor: Actor, sent: Mapping[str, str], last: date) -> Asked:
    by, days, measure = sent.get("by", ""), sent.get("days", ""), sent.get("measure", "")
    by = by if by in offered(actor) else first_choice(actor)
    of = sent.get("of", "") if by in ENTITIES else ""
    return Asked(by, int(days if days in PERIODS else "30"), measure if measure in MEASURES else "spend", of, last)


def offered(actor: Actor) -> dict[str, Any]:
    """What this person may tell usage apart by."""
    return {**BY, **LABELS} if policy.can(actor, Action.VIEW_SPEND) else BY


def first_choice(actor: Actor) -> str:
    """Where somebody's overview begins: with what is largest of what they look after."""
    if policy.can(actor, Action.VIEW_SPEND):
        return "organization"
    return "team" if policy.can_somewhere(actor, Action.VIEW_SPEND) else "key"
