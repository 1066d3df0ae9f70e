"""How people are listed."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from dashboard.listing import Column, Filter, Listing
from dashboard.places import organizations, place_filter
from keys.models import Key
from rbacadmin import money, policy
from rbacadmin.policy import PLATFORM_ROLES, Action, Actor
from rbacadmin.policy.actor import unexpired
from teams.models import ROLE_LABELS, Membership, User

PEOPLE = User.objects.people()


def in_role(rows: Any, role: str) -> Any:
    return rows.filter(platform_role=role)


def in_state(rows: Any, state: str) -> Any:
    return rows.filter(blocked_by="") if state == "active" else rows.exclude(blocked_by="")


def in_organization(rows: Any, pk: str) -> Any:
    held = Membership.objects.filter(unexpired(), user=OuterRef("pk"), organization=UUID(pk))
    return rows.filter(Exists(held))


def listing_for(actor: Actor) -> Listing[User]:
    """The list with what this person may choose by: whose members they may see, and when people came."""
    places = organizations(actor, Action.VIEW_MEMBERS)
    chosen = (place_filter("in", _("Organization"), places, in_organization),) if places.choices else ()
    orders = dict(LISTING.orders)
    if policy.can(actor, Action.VIEW_SPEND):  # who may read everybody's `created_at`; sorting by it would tell
        orders |= {"-created_at": _("Newest first"), "created_at": _("Oldest first")}
    return replace(LISTING, filters=(*LISTING.filters, *chosen), orders=orders)


def key_counts(actor: Actor, people: Iterable[User]) -> dict[UUID, int]:
    """How many keys of each of these people the actor may list. One query."""
    keys = Key.objects.filter(user__in=[person.pk for person in people])
    counted = policy.visible(actor, Action.LIST_KEYS, keys).order_by().values("user_id").annotate(count=Count("pk"))
    return {row["user_id"]: row["count"] for row in counted}


LISTING: Listing[User] = Listing(
    name="people",
    title=_("People"),
    action=Action.VIEW_PEOPLE,
    orders={"public_id": _("By e-mail or id"), "name": _("By name"), "platform_role": _("By platform role")},
    filters=(
        Filter("role", _("Platform role"), [(role, ROLE_LABELS[role]) for role in PLATFORM_ROLES], in_role),
        Filter("state", _("State"), (("active", _("active")), ("blocked", _("blocked"))), in_state),
    ),
    columns=(
        Column("id", "public_id", lambda user: user.public_id),
        Column("email", "email", lambda user: user.email),
        Column("name", "name", lambda user: user.name),
        Column("platform_role", "platform_role", lambda user: user.platform_role),
        Column("blocked_by", "blocked_by", lambda user: user.blocked_by),
        Column("models", "models", lambda user: user.models),
        Column("budget_usd", "max_budget", lambda user: money.to_number(user.max_budget)),
        Column("created", "created_at", lambda user: user.created_at),
    ),
    searched=("email", "name", "public_id"),
)  # fmt: skip
