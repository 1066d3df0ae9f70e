"""/audit/export: the whole slice as a stream, whatever its size."""

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

from api.litellm.audit import asks
from api.litellm.audit.answers import AuditRow
from api.litellm.audit.calls import filtered, named_scopes
from api.litellm.audit.rows import audit_rows
from rbacadmin import policy, trail
from rbacadmin.policy import Action, Actor

MEDIA = {"ndjson": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}
COLUMNS = tuple(AuditRow.model_fields)
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets run when a cell begins with it


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


class Line:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(found: Iterator[dict[str, Any]]) -> Iterator[str]:
    """A header and one row each."""
    writer = csv.writer(Line())
    yield writer.writerow(COLUMNS)
    for row in found:
        yield writer.writerow([cell(row[name]) for name in COLUMNS])


def cell(value: Any) -> str:
    """A value as a spreadsheet may open it: a text that looks like a formula stays a text."""
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
