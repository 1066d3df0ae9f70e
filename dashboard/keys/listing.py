"""How keys are listed."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboard.labels import with_labels
from dashboard.listing import Column, Filter, Listing
from dashboard.spending import with_spend
from keys.models import Key
from rbacadmin import money, policy
from rbacadmin.policy import Action, Actor
from rbacadmin.views import seen_owners

UNUSED = timedelta(days=90)
YOUNG = timedelta(days=14)
KEYS = Key.objects.select_related("user", "team", "project", "organization")
LISTED = with_labels(Key.objects.all(), "user", "team", "project", "organization")  # for pages of fifty


def in_state(rows: Any, state: str) -> Any:
    ended = Q(expires_at__lte=timezone.now())
    states = {"active": Q(blocked_by="") & ~ended, "expired": Q(blocked_by="") & ended, "blocked": ~Q(blocked_by="")}
    return rows.filter(states[state])


def of_kind(rows: Any, kind: str) -> Any:
    kinds = {
        "service": Q(kind=Key.Kind.SERVICE),
        "team": Q(team__isnull=False) & ~Q(kind=Key.Kind.SERVICE),
        "project": Q(project__isnull=False) & ~Q(kind=Key.Kind.SERVICE),
        "personal": Q(team=None, project=None, kind=Key.Kind.PERSONAL),
        "terminal": Q(kind=Key.Kind.TERMINAL),
    }
    return rows.filter(kinds[kind])


def ending(rows: Any, when: str) -> Any:
    """Keys without an end, or those that stop working soon. What a gateway calls with is meant to last."""
    if when == "never":
        return rows.filter(expires_at=None).exclude(kind=Key.Kind.GATEWAY)
    now = timezone.now()
    return rows.filter(expires_at__gt=now, expires_at__lte=now + timedelta(days=int(when)))


def used(rows: Any, when: str) -> Any:
    """By the last use; `idle` are those that one may delete without anybody missing them."""
    if when == "idle":
        now = timezone.now()
        return rows.filter(Q(last_used_at__lt=now - UNUSED) | Q(last_used_at=None, created_at__lt=now - YOUNG))
    if when == "never":
        return rows.filter(last_used_at=None)
    return rows.filter(last_used_at__lt=timezone.now() - timedelta(days=int(when)))


KINDS = (
    ("personal", _("personal")),
    ("team", _("of a team")),
    ("project", _("of a project")),
    ("service", _("service accounts")),
    ("terminal", _("terminals")),
)
USES = (
    ("never", _("never used")),
    ("30", _("unused for 30 days")),
    ("90", _("unused for 90 days")),
    ("idle", _("unused for 90 days, or never")),
)
ENDS = (("never", _("never")), ("14", _("within 14 days")))

LISTING: Listing[Key] = Listing(
    name="keys",
    title=_("Keys"),
    action=Action.LIST_KEYS,
    orders={"-created_at": _("Newest first"), "created_at": _("Oldest first"), "alias_key": _("By name"),
            "-updated_at": _("Last changed")},
    filters=(
        Filter("state", _("State"), (("active", _("active")), ("blocked", _("blocked")), ("expired", _("expired"))),
               in_state),
        Filter("kind", _("Kind"), KINDS, of_kind),
        Filter("unused", _("Use"), USES, used),
        Filter("ends", _("Expires"), ENDS, ending, Action.VIEW_KEYS),
    ),
    columns=(
        Column("id", "public_id", lambda key: key.public_id),
        Column("alias", "alias", lambda key: key.alias),
        Column("key", "name", lambda key: key.name),
        Column("owner", "user_id", lambda key: key.user.public_id if key.user and key.kind != Key.Kind.SERVICE else ""),
        Column("team", "team_id", lambda key: key.team.alias if key.team else ""),
        Column("project", "project_id", lambda key: key.project.alias if key.project else ""),
        Column("organization", "organization_id", lambda key: key.organization.alias if key.organization else ""),
        Column("models", "models", lambda key: key.models),
        Column("budget_usd", "max_budget", lambda key: money.to_number(key.max_budget)),
        Column("expires", "expires_at", lambda key: key.expires_at),
        Column("last_used", "last_used_at", lambda key: key.last_used_at),
        Column("state", "blocked_by", lambda key: key.state(timezone.now())),
        Column("created", "created_at", lambda key: key.created_at),
    ),
)  # fmt: skip


def table_of(actor: Actor, keys: Sequence[Key]) -> dict[str, Any]:
    """What `keys/_table.html` shows: the keys with their spend, and whose owners the actor sees by name.

    Each of those in `opened` has a row; the others, which the actor may list and not look into, are counted in one.
    """
    opened = {key.pk for key in keys if policy.can(actor, Action.VIEW_KEYS, key)}
    found = {"keys": with_spend(actor, keys), "seen_owners": seen_owners(actor, keys)}
    return {**found, "opened": opened, "closed": len(keys) - len(opened)}
