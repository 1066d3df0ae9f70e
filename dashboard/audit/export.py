"""The audit log as a file, a line an event, through the same functions as the API's."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from rbacadmin import spreadsheets, trail
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Actor
from rbacadmin.trail import Told

TITLES = (
    *("id", "when", "who", "what", "outcome", "status", "kind", "object", "organization", "team", "project"),
    *("door", "address", "details"),
)


def download(
    actor: Actor, scope: Any, events: QuerySet[AuditEvent], filters: Mapping[str, str], form: str
) -> HttpResponseBase:
    """Everything that the filters leave and the actor may export, newest first, as it is now. It goes on record."""
    events = events.filter(created_at__lt=timezone.now())
    trail.export_audit(actor, scope, filters={name: value for name, value in filters.items() if value})
    rows = (row_of(told) for batch in trail.batches(actor, events) for told in batch)
    if form != "ndjson":
        return spreadsheets.response("audit", TITLES, rows)
    name = f"audit-{timezone.now():%Y-%m-%d}.ndjson"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(json_lines(rows), content_type="application/x-ndjson", headers=headers)


def row_of(told: Told) -> list[Any]:
    """An event as its reader may know it, in the order of `TITLES`."""
    event = told.event
    return [
        *(str(event.pk), event.created_at.isoformat(), told.who, event.event, event.outcome, event.status),
        *(event.kind, event.object_label, *(told.scopes[kind] for kind in ("organization", "team", "project"))),
        *(event.door, told.ip, json.dumps(told.details, ensure_ascii=False) if told.details else None),
    ]


def json_lines(rows: Iterator[list[Any]]) -> Iterator[str]:
    """One JSON object a line; the details as they are, not as text within text."""
    for row in rows:
        line = dict(zip(TITLES, row, strict=True))
        line["details"] = json.loads(line["details"] or "{}")
        yield json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
