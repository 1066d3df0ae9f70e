"""How invitations are listed, for everything that one looks after or for one place."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboard.listing import Filter, Listing
from dashboard.places import OFFERED, organizations
from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams.models import Invitation, Team

PLACES: dict[str, Any] = {"organization": Organization, "team": Team}
INVITATIONS = Invitation.objects.select_related("user", "organization", "team", "project")


def in_state(rows: Any, state: str) -> Any:
    ended = Q(expires_at__lte=timezone.now())
    states = {
        "open": Q(accepted_at=None) & ~ended,
        "expired": Q(accepted_at=None) & ended,
        "accepted": Q(accepted_at__isnull=False),
    }
    return rows.filter(states[state])


def in_place(rows: Any, place: str) -> Any:
    kind, _sep, pk = place.partition(":")
    return rows.filter(**{f"{kind}_id": UUID(pk)})


def places(actor: Actor, chosen: str) -> list[tuple[str, Any]]:
    """The organizations and teams whose invitations the actor may see; `chosen` is among them if it is one."""
    teams = policy.visible(actor, Action.VIEW_INVITATIONS, Team.objects.order_by("alias_key"))[:OFFERED]
    named = [(f"organization:{pk}", label) for pk, label in organizations(actor, Action.VIEW_INVITATIONS).choices]
    found = [*named, *((f"team:{team.pk}", _("team: %(name)s") % {"name": team.label}) for team in teams)]
    kind, _sep, ident = chosen.partition(":")
    if chosen not in dict(found) and (model := PLACES.get(kind)) is not None:
        rows = policy.visible(actor, Action.VIEW_INVITATIONS, model.objects.filter(model.named(ident)))
        found += [(f"{kind}:{row.pk}", row.label) for row in rows[:1]]
    return found


def listing_for(actor: Actor, chosen: str = "") -> Listing[Invitation]:
    """The list with the places that this person may choose from."""
    choices = places(actor, chosen)
    by_place = (Filter("in", _("Place"), choices, in_place),) if choices else ()
    return replace(LISTING, filters=(*LISTING.filters, *by_place))


LISTING: Listing[Invitation] = Listing(
    name="invitations",
    title=_("Invitations"),
    action=Action.VIEW_INVITATIONS,
    orders={"-created_at": _("Newest first"), "created_at": _("Oldest first"), "expires_at": _("Ending first")},
    filters=(
        Filter("state", _("State"), (("open", _("open")), ("expired", _("expired")), ("accepted", _("accepted"))),
               in_state),
    ),
    searched=("user__email", "user__name"),
)  # fmt: skip
