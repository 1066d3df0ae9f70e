"""The filters of the audit log."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboard.listing import Filter, Listing
from orgs.models import Organization, Project
from rbacadmin import policy, trail
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Action, Actor
from teams.models import Team

SCOPES: dict[str, Any] = {"organization": Organization, "team": Team, "project": Project}
OFFERED = 100  # of each kind; whoever has more comes from the scope's own page
ORDERS = {"-created_at": _("Newest first"), "created_at": _("Oldest first")}
DID = {
    "created": _("created"),
    "updated": _("changed"),
    "deleted": _("deleted"),
    "blocked": _("blocked"),
    "unblocked": _("unblocked"),
    "rotated": _("secret renewed"),
}
OUTCOMES = (("done", _("done")), ("refused", _("refused")))


def listing(actor: Actor, scope: Any, action: Action = Action.VIEW_AUDIT) -> Listing[AuditEvent]:
    """The audit log with the filters that this person can use. `scope` is the one that the address names."""
    return Listing(
        name="audit",
        title=_("Audit log"),
        action=action,
        orders=ORDERS,
        filters=(
            Filter("scope", _("Where"), places(actor, scope, action), within),
            Filter("did", _("What"), tuple(DID.items()), lambda rows, word: rows.filter(trail.did(word))),
            Filter("outcome", _("Outcome"), OUTCOMES, lambda rows, word: rows.filter(outcome=word)),
            Filter(
                "by", _("By: e-mail or id"), (), lambda rows, name: rows.filter(trail.done_by(actor, name)), kind="text"
            ),
            Filter("from", _("From"), (), lambda rows, day: trail.between(rows, midnight(day), None), kind="date"),
            Filter("to", _("Until"), (), lambda rows, day: trail.between(rows, None, midnight(day, 1)), kind="date"),
        ),
    )


def places(actor: Actor, scope: Any, action: Action) -> list[tuple[str, Any]]:
    """The scopes whose log the actor may see, by name. One query for each kind."""
    found = {} if scope is None else {named(scope): policy.describe(scope)}
    for model in SCOPES.values():
        rows = policy.visible(actor, action, model.objects.order_by("alias_key"))[:OFFERED]
        found |= {named(row): policy.describe(row) for row in rows}
    return list(found.items())


def named(scope: Any) -> str:
    """A scope as the address names it."""
    return f"{scope.kind}:{scope.pk}"


def scope_of(actor: Actor, action: Action, text: str) -> Any:
    """The scope that the address names, or None. Raises NotFound and PermissionDenied as `find` does."""
    kind, _colon, ident = text.partition(":")
    return policy.find(actor, action, SCOPES[kind], ident) if kind in SCOPES else None


def within(rows: Any, text: str) -> Any:
    kind, _colon, ident = text.partition(":")
    return rows.filter(**{f"{kind}_id": ident})


def midnight(day: str, later: int = 0) -> datetime | None:
    """The beginning of a day in the reader's zone, or of a day `later`. None for days that no calendar holds."""
    try:
        return timezone.make_aware(datetime.fromisoformat(day) + timedelta(days=later))
    except (OverflowError, ValueError):
        return None


def searched(actor: Actor, text: str) -> Any:
    """The events that mention the text."""
    wanted = text.replace("\0", "").strip()[:100]
    rows = AuditEvent.objects.all()
    return rows.filter(trail.mentioning(actor, wanted)) if wanted else rows
