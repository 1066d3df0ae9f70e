"""How projects are listed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from dashboard.counting import with_counts
from dashboard.listing import Column, Listing
from dashboard.places import organizations, place_filter
from dashboard.scopes.listing import LIMIT_COLUMNS, ORDERS, filters
from dashboard.spending import with_spend
from keys.models import Key
from keys.service_accounts import first_keys
from orgs.models import Project
from rbacadmin.policy import Action, Actor
from teams.models import Membership

ROWS = Project.objects.select_related("organization")
MEMBERS = (Membership.objects.all(), Action.VIEW_MEMBERS)
INSIDE = {
    "members": MEMBERS,
    "keys": (Key.objects.exclude(kind=Key.Kind.SERVICE), Action.LIST_KEYS),
    "service_accounts": (first_keys(), Action.LIST_KEYS),
}
# What a project takes along when it is deleted: of service accounts, all of their keys.
ALONG = {"members": MEMBERS, "keys": (Key.objects.all(), Action.LIST_KEYS)}
LISTING: Listing[Project] = Listing(
    name="projects",
    action=Action.VIEW_PROJECTS,
    orders=ORDERS,
    filters=filters(Action.VIEW_PROJECTS),
    columns=(
        Column("id", "public_id", lambda project: project.public_id),
        Column("name", "alias", lambda project: project.alias),
        Column("organization", "organization_id", lambda project: project.organization.alias),
        Column("namespace", "kubernetes_namespace", lambda project: project.kubernetes_namespace),
        *LIMIT_COLUMNS,
    ),
    prepare=with_spend,
)


def in_organization(rows: Any, pk: str) -> Any:
    return rows.filter(organization=pk)


def listing_for(actor: Actor) -> Listing[Project]:
    """The list with the organizations that this person may choose from."""
    places = organizations(actor, Action.SEE_ORGANIZATIONS)
    by_place = place_filter("in", _("Organization"), places, in_organization)
    return replace(LISTING, filters=(*LISTING.filters, by_place))


def inside(actor: Actor, projects: Sequence[Any]) -> Sequence[Any]:
    """The projects, with what was spent and how much is in each."""
    return with_counts(actor, with_spend(actor, projects), "project", INSIDE)
