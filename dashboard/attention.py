"""What wants looking after: keys that end soon, and budgets that are nearly used up."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.db.models import F, IntegerField, OuterRef, QuerySet, Subquery, Value
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
LOOKED_AT = 200  # candidates: some belong to a period that is over, and are nothing now
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
    labels = ("user__email", "user__name", "user__public_id", "organization__alias", "team__alias", "project__alias")
    rows = Invitation.objects.select_related("user", "organization", "team", "project").only("expires_at", *labels)
    waiting = rows.filter(accepted_at=None, expires_at__gt=timezone.now()).exclude(user=actor.user)
    return list(policy.visible(actor, Action.VIEW_INVITATIONS, waiting).order_by("expires_at", "pk")[:shown])


def tight_budgets(actor: Actor, shown: int) -> list[Any]:
    """Whatever has used most of its budget, the fullest first. One query, and more only where there is something."""
    near = [near_cap(actor, rows.model, kind) for kind, rows in enumerate(LIMITED)]
    ids: dict[int, list[Any]] = defaultdict(list)
    for kind, pk, _spent in near[0].union(*near[1:], all=True).order_by("-spent_so_far", "pk")[:LOOKED_AT]:
        ids[kind].append(pk)
    found = [row for kind, pks in ids.items() for row in LIMITED[kind].filter(pk__in=pks)]
    tight = [row for row in with_spend(actor, found) if hasattr(row, "spend") and row.spend.percent >= NEAR]
    return sorted(tight, key=lambda row: (-row.spend.percent, row.label))[:shown]


def near_cap(actor: Actor, model: Any, kind: int) -> QuerySet[Any]:
    """The rows of a kind that have used most of their budget: the number of the kind, the id, and what was spent."""
    spent = Spend.objects.filter(object_id=OuterRef("pk")).values("current")[:1]
    limited = model.objects.filter(max_budget__isnull=False, blocked_by="").annotate(spent_so_far=Subquery(spent))
    near = policy.visible(actor, Action.VIEW_SPEND, limited.filter(spent_so_far__gte=F("max_budget") / 100 * NEAR))
    rows = near.order_by().annotate(of=Value(kind, output_field=IntegerField()))
    return rows.values_list("of", "pk", "spent_so_far")
