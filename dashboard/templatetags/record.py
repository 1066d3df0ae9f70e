"""Events of the record in words."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard import history
from dashboard.access import review_views
from dashboard.attempts import attempt
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Action, Actor
from rbacadmin.trail import Told
from teams.models import role_name

register = template.Library()

DOORS = {
    "dashboard": gettext_lazy("the dashboard"),
    "litellm": gettext_lazy("the LiteLLM API"),
    "openai": gettext_lazy("the OpenAI API"),
    "llmariner": gettext_lazy("the LLMariner API"),
    "kubernetes": gettext_lazy("the Kubernetes API"),
    "admin": gettext_lazy("Django admin"),
    "maintenance": gettext_lazy("the maintenance job"),
    "terminal": gettext_lazy("a terminal that signed in"),
    "shell": gettext_lazy("a command on the server"),
    "import": gettext_lazy("an import"),
    "manifests": gettext_lazy("manifests"),
    "demo": gettext_lazy("the demo"),
}


@register.filter
def event_name(told: Told) -> str:
    """`team.permissions_updated` as "Team permissions updated", and what was refused as what somebody tried."""
    if told.event.outcome == AuditEvent.Outcome.REFUSED:
        return _("Refused: %(tried)s") % {"tried": attempt(told.event.event)}
    return told.event.event.replace(".", " ").replace("_", " ").capitalize()


@register.filter
def acting(label: str) -> str:
    """Who did something, as rows and events name them; the master key's id is LiteLLM's, and tells nobody anything."""
    return _("the master key") if label == Actor.master().label else label


@register.filter
def door_name(door: str) -> str:
    """Where somebody came in: what stands after "through"."""
    return str(DOORS.get(door, door))


@register.filter
def event_steps(told: Told) -> list[history.Step]:
    return list(history.steps(told))


@register.filter
def event_facts(told: Told) -> list[tuple[str, str]]:
    return history.facts(told)


@register.filter
def event_refusal(told: Told) -> str:
    """Why an attempt was refused, as far as the reader may know."""
    decision = told.details.get("decision") or {}
    action = decision.get("action")
    if action in Action.values:
        roles = ", ".join(dict.fromkeys(map(role_name, decision.get("roles_that_could") or ())))
        text = f"Not allowed: {Action(action).label}."
        return f"{text} It takes: {roles}." if roles else text
    return str(told.details.get("message") or "")


@register.filter
def last_active(membership: Any) -> Any:
    """When the person of a membership under review was last seen."""
    return review_views.last_active(membership)


@register.simple_tag
def scope_url(scope: Any) -> str:
    """The page of an organization, project or team."""
    return reverse(f"{scope.kind}-detail", args=(scope.pk,))
