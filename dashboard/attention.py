"""What wants looking after: keys that end soon, and budgets that are nearly used up."""

from datetime import timedelta
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from dashboard.spending import with_spend
from gateway.models import Spend
from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams.models import Invitation, Team

SOON = timedelta(days=14)
NEAR = 80  # per cent of the budget
LOOKED_AT = 50  # candidates of a kind: some belong to a period that is over, and are nothing now
LIMITED: tuple[QuerySet[Any], ...] = (
    Organization.objects.all(),
    Project.objects.select_related("organization"),
    Team.objects.select_related("organization"),
    Key.objects.select_related("organization"),
)


def ending_keys(actor: Actor, shown: int) -> list[Key]:
    """The keys that stop working within 14 days, the next one first. One query."""
    now = timezone.now()
    ending = Key.objects.select_related("user").filter(expires_at__gt=now, expires_at__lte=now + SOON, blocked_by="")
    return list(policy.visible(actor, Action.VIEW_KEYS, ending).order_by("expires_at", "pk")[:shown])


def open_invitations(actor: Actor, shown: int) -> list[Invitation]:
    """Offers to others that nobody has taken up yet, the next to run out first. One query."""
    rows = Invitation.objects.select_related("user", "organization", "team", "project")
    waiting = rows.filter(accepted_at=None, expires_at__gt=timezone.now()).exclude(user=actor.user)
    return list(policy.visible(actor, Action.VIEW_INVITATIONS, waiting).order_by("expires_at", "pk")[:shown])


def tight_budgets(actor: Actor, shown: int) -> list[Any]:
    """Whatever has used most of its budget, the fullest first. A query for each kind, and one for what was spent."""
    found: list[Any] = []
    for rows in LIMITED:
        spent = Spend.objects.filter(object_id=OuterRef("pk")).values("current")[:1]
        limited = rows.filter(max_budget__isnull=False, blocked_by="").annotate(spent_so_far=Subquery(spent))
        near = limited.filter(spent_so_far__gte=F("max_budget") / 100 * NEAR)
        found += policy.visible(actor, Action.VIEW_SPEND, near).order_by("-spent_so_far", "pk")[:LOOKED_AT]
    tight = [row for row in with_spend(actor, found) if hasattr(row, "spend") and row.spend.percent >= NEAR]
    return sorted(tight, key=lambda row: (-row.spend.percent, row.label))[:shown]
