"""The audit log as a file, a line an event, through the same functions as the API's."""

import json
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from dashboard.exports import Cells, Source, counted, csv_file, json_file
from rbacadmin import policy, trail
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Action, Actor
from rbacadmin.trail import Told

TITLES = (
    *("id", "when", "who", "what", "outcome", "status", "kind", "object", "organization", "team", "project"),
    *("door", "address", "details"),
)


def source(actor: Actor, scope: Any, events: QuerySet[AuditEvent], filters: Mapping[str, str], form: str) -> Source:
    """Everything that the filters leave and the actor may export, newest first, as it is now. It goes on record."""
    events = events.filter(created_at__lt=timezone.now())

    def page(after: str) -> tuple[Cells, str]:
        found = policy.page(actor, Action.EXPORT_AUDIT, events, "-created_at", after or None, trail.BATCH)
        return [row_of(told) for told in trail.tell(actor, found.items)], found.next_cursor or ""

    def begin() -> None:
        trail.export_audit(actor, scope, filters={name: value for name, value in filters.items() if value})

    seen = policy.visible(actor, Action.EXPORT_AUDIT, events)
    file = json_file("audit", TITLES, nested=("details",)) if form == "ndjson" else csv_file("audit", TITLES)
    return Source(file, page, lambda: counted(seen), begin, reverse("audit-log"))


def row_of(told: Told) -> list[Any]:
    """An event as its reader may know it, in the order of `TITLES`."""
    event = told.event
    return [
        *(str(event.pk), event.created_at.isoformat(), told.who, event.event, event.outcome, event.status),
        *(event.kind, event.object_label, *(told.scopes[kind] for kind in ("organization", "team", "project"))),
        *(event.door, told.ip, json.dumps(told.details, ensure_ascii=False) if told.details else None),
    ]
