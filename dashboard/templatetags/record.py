"""Events of the record in words."""

from django import template

from dashboard import history
from rbacadmin.policy import Action
from rbacadmin.trail import Told

register = template.Library()


@register.filter
def event_name(told: Told) -> str:
    """`team.permissions_updated` as "Team permissions updated"."""
    return told.event.event.replace(".", " ").replace("_", " ").capitalize()


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
        roles = ", ".join(decision.get("roles_that_could") or ())
        text = f"Not allowed: {Action(action).label}."
        return f"{text} It takes: {roles}." if roles else text
    return str(told.details.get("message") or "")
