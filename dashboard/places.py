"""Scopes as choices in forms and filters."""

from typing import Any

from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.policy import Action, Actor

OFFERED = 200  # whoever has more names the scope in the address, from its own page


def organizations(actor: Actor, action: Action, chosen: str = "") -> list[tuple[str, Any]]:
    """The organizations in which the actor may do this, by name; `chosen` is among them, or raises as `find` does."""
    rows = policy.visible(actor, action, Organization.objects.order_by("alias_key"))[:OFFERED]
    found: list[tuple[str, Any]] = [(str(row.pk), row.label) for row in rows]
    if chosen and chosen not in dict(found):
        row = policy.find(actor, action, Organization, chosen)
        found.append((str(row.pk), row.label))
    return found
