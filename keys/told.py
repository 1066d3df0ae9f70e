"""What the record tells of a key and no column does: whether a former owner knows its secret, and what set its end."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keys.models import Key
from rbacadmin.models import AuditEvent

MADE, RENEWED, REASSIGNED, MOVED = "key.generated", "key.regenerated", "key.reassigned", "key.moved_in"


@dataclass(frozen=True)
class Told:
    """`handed_on`: the key went to another owner with the secret that it has. `ends_by`: the setting that ends it."""

    handed_on: bool = False
    ends_by: str = ""


def told_of(key: Key) -> Told:
    """What is on record of the key. One query; what was recorded before this version says nothing."""
    events = AuditEvent.objects.filter(
        kind="key", object_id=str(key.pk), outcome=AuditEvent.Outcome.DONE, event__in=(MADE, RENEWED, REASSIGNED, MOVED)
    ).order_by("created_at", "pk")
    handed_on, ends_by, renewed_by = False, "", None
    for event, details, request in events.values_list("event", "details", "request_id"):
        if event == MADE:
            ends_by = ended_by(key.expires_at, details.get("ends") or {})
        elif event == RENEWED:
            handed_on, renewed_by = False, request or None
        elif details.get("handed_on") and request != renewed_by:  # with a new secret in the same step nobody knows it
            handed_on = True
    return Told(handed_on, ends_by)


def ended_by(end: datetime | None, ends: dict[str, Any]) -> str:
    """The setting that gave the key its end when it was made, if it still has that one."""
    return str(ends.get("by", "")) if end is not None and ends.get("at") == end.isoformat() else ""
