"""/audit/export: the whole slice as a stream, whatever its size."""

import json
from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

from api.litellm.audit import asks
from api.litellm.audit.answers import AuditRow
from api.litellm.audit.calls import filtered, named_scopes
from api.litellm.audit.rows import audit_rows
from rbacadmin import policy, spreadsheets, trail
from rbacadmin.policy import Action, Actor

MEDIA = {"ndjson": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}
COLUMNS = tuple(AuditRow.model_fields)


def export(actor: Actor, body: asks.AuditExport) -> StreamingHttpResponse:
    """Everything that you may export, newest first, as it is at this moment; the export itself goes on record."""
    scopes = named_scopes(actor, Action.EXPORT_AUDIT, body)
    if not scopes:
        policy.require_somewhere(actor, Action.EXPORT_AUDIT)
    events = filtered(actor, body, scopes).filter(created_at__lt=timezone.now())
    filters = body.model_dump(exclude_none=True, exclude={*scopes, "format"})
    trail.export_audit(actor, next(reversed(scopes.values()), None), filters=filters)
    lines = csv_lines if body.format == "csv" else json_lines
    answer = StreamingHttpResponse(lines(rows(actor, events)), content_type=MEDIA[body.format])
    answer["Content-Disposition"] = f'attachment; filename="audit.{body.format}"'
    return answer


def rows(actor: Actor, events: Any) -> Iterator[dict[str, Any]]:
    for told in trail.batches(actor, events):
        yield from audit_rows(actor, told)


def json_lines(found: Iterator[dict[str, Any]]) -> Iterator[str]:
    """One JSON object a line."""
    for row in found:
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"


def csv_lines(found: Iterator[dict[str, Any]]) -> Iterator[str]:
    """A header and one row each; nested values as JSON."""
    return spreadsheets.lines(COLUMNS, ([cell(row[name]) for name in COLUMNS] for row in found))


def cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
