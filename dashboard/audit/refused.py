"""Calls that were refused: how often, for which key, by which level and why."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from dashboard.audit.listing import midnight, places, within
from dashboard.exports import Cells, Source, counted, csv_file
from dashboard.listing import Filter, Listing
from gateway.decisions import RefusalCount
from gateway.models import CatalogModel
from orgs.models import Organization, Project
from rbacadmin import policy, trail
from rbacadmin.policy import Action, Actor
from rbacadmin.trail import as_uuid
from teams.models import Team

ORDERS = {"-minute": _("Newest first"), "minute": _("Oldest first")}
STATUSES = (
    ("401", _("401 not known")),
    ("403", _("403 not allowed")),
    ("422", _("422 no budget")),
    ("429", _("429 too many")),
)
LEVELS = {
    "key": _("key"),
    "member": _("team member"),
    "team": _("team"),
    "project": _("project"),
    "organization": _("organization"),
    "user": _("person"),
    "customer": _("end user"),
    "role": _("role"),
    "token": _("token"),
    "model": _("model"),
}
REASONS = {
    "expired_key": _("key expired"),
    "rate_limit_error": _("too many requests"),
    "budget_exceeded": _("budget used up"),
    "model_access_denied": _("model not allowed"),  # with the level's name before it
    "auth_error": _("key not accepted"),
    "bad_request_error": _("request not understood"),
}
PAGES: dict[str, tuple[Any, str]] = {
    "team": (Team, "team-detail"),
    "project": (Project, "project-detail"),
    "organization": (Organization, "organization-detail"),
    "model": (CatalogModel, "model-detail"),
}
TITLES = ("minute", "key", "key_id", "level", "level_id", "status", "type", "calls")
AT_ONCE = 100


def listing(actor: Actor, scope: Any, action: Action = Action.VIEW_AUDIT) -> Listing[RefusalCount]:
    """The decision log with the filters that this person can use. `scope` is the one that the address names."""
    return Listing(
        name="refused-calls",
        title=_("Refused calls"),
        action=action,
        orders=ORDERS,
        searched=("key_label", "code"),
        filters=(
            Filter("scope", _("Where"), places(actor, scope, action), within),
            Filter("status", _("Answer"), STATUSES, lambda rows, word: rows.filter(status=int(word))),
            Filter("level", _("Refused by"), tuple(LEVELS.items()), lambda rows, word: rows.filter(level=word)),
            Filter("from", _("From"), (), lambda rows, day: rows.filter(between(day, None)), kind="date"),
            Filter("to", _("Until"), (), lambda rows, day: rows.filter(between(None, day)), kind="date"),
        ),
    )


class Named(NamedTuple):
    """A line of the log, and what refused it by name and page; both empty where the reader does not see it."""

    line: RefusalCount
    name: str = ""
    url: str = ""

    @property
    def reason(self) -> str:
        """Why the call was turned away, in words; nothing where the code is a new one."""
        return next((str(words) for code, words in REASONS.items() if self.line.code.endswith(code)), "")


def named(actor: Actor, rows: Sequence[RefusalCount]) -> list[Named]:
    """The lines with the names of what refused. One query for each kind that has a page."""
    ids = {kind: {as_uuid(row.level_id) for row in rows if row.level == kind} - {None} for kind in PAGES}
    found = {
        str(row.pk): (row.label, reverse(page, args=(row.pk,)))
        for kind, (model, page) in PAGES.items()
        for row in policy.visible(actor, model.view_action, model.objects.filter(pk__in=ids[kind]))
    }
    return [Named(row, *found.get(row.level_id, ())) for row in rows]


def between(first: str | None, last: str | None) -> Q:
    """From the beginning of the first day to the end of the last one."""
    start = midnight(first) if first else None
    end = midnight(last, 1) if last else None
    return (Q(minute__gte=start) if start else Q()) & (Q(minute__lt=end) if end else Q())


def source(actor: Actor, scope: Any, rows: QuerySet[RefusalCount], filters: Mapping[str, str]) -> Source:
    """Everything that the actor may export, newest first, in the order of `TITLES`. It goes on record."""
    rows = rows.filter(minute__lte=now())

    def page(after: str) -> tuple[Cells, str]:
        found = policy.page(actor, Action.EXPORT_AUDIT, rows, "-minute", after or None, AT_ONCE)
        return [cells(one) for one in found.items], found.next_cursor or ""

    def begin() -> None:
        asked = {name: value for name, value in filters.items() if value}
        trail.export_audit(actor, scope, filters={"log": "refused calls", **asked})

    seen = policy.visible(actor, Action.EXPORT_AUDIT, rows)
    return Source(csv_file("refused-calls", TITLES), page, lambda: counted(seen), begin, reverse("refused-calls"))


def cells(one: RefusalCount) -> list[Any]:
    return [
        *(one.minute.isoformat(), one.key_label, one.key_id, one.level, one.level_id),
        *(one.status, one.code, one.count),
    ]
