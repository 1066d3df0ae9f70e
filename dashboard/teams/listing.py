"""How teams are listed."""

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dashboard.listing import Column, Filter, Listing
from dashboard.places import organizations, place_filter
from keys.models import Key
from rbacadmin import money
from rbacadmin.policy import Action, Actor
from teams.models import Membership, Team

TEAMS = Team.objects.select_related("organization")
INSIDE = {
    "members": (Membership.objects.all(), Action.VIEW_MEMBERS),
    "keys": (Key.objects.all(), Action.LIST_KEYS),
}


def in_state(rows: Any, state: str) -> Any:
    return rows.filter(blocked_by="") if state == "active" else rows.exclude(blocked_by="")


def in_organization(rows: Any, pk: str) -> Any:
    return rows.filter(Q(organization=None) if pk == "none" else Q(organization=pk))


def listing_for(actor: Actor) -> Listing[Team]:
    """The list with the organizations that this person may choose from."""
    places = organizations(actor, Action.SEE_ORGANIZATIONS, [("none", _("in no organization"))])
    by_place = place_filter("in", _("Organization"), places, in_organization)
    return replace(LISTING, filters=(*LISTING.filters, by_place))


LISTING: Listing[Team] = Listing(
    name="teams",
    title=_("Teams"),
    action=Action.SEE_TEAMS,
    orders={"-created_at": _("Newest first"), "created_at": _("Oldest first"), "alias_key": _("By name"),
            "-updated_at": _("Last changed")},
    filters=(
        Filter("state", _("State"), (("active", _("active")), ("blocked", _("blocked"))), in_state),
    ),
    columns=(
        Column("id", "public_id", lambda team: team.public_id),
        Column("alias", "alias", lambda team: team.alias),
        Column("organization", "organization_id", lambda team: team.organization.alias if team.organization else ""),
        Column("models", "models", lambda team: team.models),
        Column("budget_usd", "max_budget", lambda team: money.to_number(team.max_budget)),
        Column("budget_duration", "budget_duration", lambda team: team.budget_duration),
        Column("rpm_limit", "rpm_limit", lambda team: team.rpm_limit),
        Column("tpm_limit", "tpm_limit", lambda team: team.tpm_limit),
        Column("blocked_by", "blocked_by", lambda team: team.blocked_by),
        Column("created", "created_at", lambda team: team.created_at),
    ),
)  # fmt: skip
