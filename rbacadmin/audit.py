"""The record. `record` writes the audit event and the change row: no change without it, none of it without a change."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Func, IntegerField, Model

from rbacadmin import lifecycle
from rbacadmin.errors import Conflict, NotFound, PermissionDenied, Refused
from rbacadmin.models import Archived, AuditEvent, Change
from rbacadmin.policy.actor import Actor
from rbacadmin.policy.subjects import all_scopes

OPS = {"created": "created", "added": "created", "generated": "created", "deleted": "deleted", "removed": "deleted"}

CHANNEL = "rbacadmin_changes"  # on which PostgreSQL notifies of every recorded change


class CurrentTransaction(Func):
    """The id of the running transaction on PostgreSQL, so that readers can stay below open ones; 0 on SQLite.

    On PostgreSQL it also notifies whoever listens on `CHANNEL`, when the transaction is committed.
    """

    output_field = IntegerField()
    template = "0"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # In the same statement, because every change is on this path: whoever listens wakes up when it is committed.
        template = f"(SELECT pg_current_xact_id()::text::bigint FROM pg_notify('{CHANNEL}', ''))"  # noqa: S608
        return self.as_sql(compiler, connection, template=template, **context)


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value


def scope_ids(obj: Model | None) -> dict[str, UUID]:
    """The scope columns of the audit row: the scopes that the object stands in. A person's row stands in none."""
    if obj is None or isinstance(obj, get_user_model()):
        return {}
    return {f"{kind}_id": pk for kind, pk in all_scopes(obj)}


@dataclass
class Pending:
    """What goes on record when all of it is done, and within how many savepoints it is done."""

    depth: int
    changes: list[Change] = field(default_factory=list)
    events: list[AuditEvent] = field(default_factory=list)


pending: ContextVar[Pending | None] = ContextVar("pending", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Within it, in a transaction, the record is written at the end: two statements for a thousand changes.

    What fails leaves nothing. One inside another, in a savepoint of its own, hands its part over when it ends well;
    in a savepoint without one, what is recorded is written at once, to go when the savepoint goes. Nothing in it may
    read the record.
    """
    outer, mine = pending.get(), Pending(depth())
    token = pending.set(mine)
    try:
        yield
    finally:
        pending.reset(token)
    if outer is not None:
        outer.changes += mine.changes
        outer.events += mine.events
        return
    Change.objects.bulk_create(mine.changes)
    AuditEvent.objects.bulk_create(mine.events)


def depth() -> int:
    """How many savepoints are open."""
    return len(transaction.get_connection().savepoint_ids)


def waiting() -> Pending | None:
    """Where a record waits for its end, unless it belongs to a savepoint that may go without it."""
    found = pending.get()
    return found if found is not None and found.depth == depth() else None


def record(actor: Actor, event: str, obj: Model, *, scope: Model | None = None, **details: Any) -> AuditEvent:
    """Write that `actor` did `event` (`noun.verbed`) to `obj`, inside the transaction of the change.

    `scope` names the scope of an object that stands in none itself. `details` must hold no secret.
    """
    op = OPS.get(event.rsplit("_", 1)[-1].rsplit(".", 1)[-1], "updated")
    kind, pk = obj._meta.model_name or "", str(obj.pk)  # of a row that is deleted in this transaction, too
    change = Change(xid=CurrentTransaction(), kind=kind, object_id=pk, op=op)
    if (later := waiting()) is not None:
        later.changes.append(change)
    else:
        change.save()
    transaction.on_commit(lambda: told(kind, pk, obj))
    return write(actor, event, obj, scope_ids(scope if scope is not None else obj), details=plain(details))


def told(kind: str, pk: str, obj: Model) -> None:
    """Tell upper apps of a change that is committed."""
    for tell in lifecycle.on_change:
        tell(kind, pk, obj)


def record_refusal(actor: Actor, refusal: Refused, event: str) -> None:
    """Write that a write was refused, in a transaction of its own. What does not exist goes to the log only."""
    if isinstance(refusal, NotFound) and refusal.obj is None:
        return
    obj = refusal.obj if isinstance(refusal.obj, Model) else None
    details: dict[str, Any] = {"message": str(refusal)}
    if isinstance(refusal, PermissionDenied):
        details = {"decision": refusal.decision.as_dict()}
    elif isinstance(refusal, Conflict):
        details["code"] = refusal.code
    with transaction.atomic():
        write(
            actor,
            event,
            obj,
            scope_ids(obj),
            outcome=AuditEvent.Outcome.REFUSED,
            status=refusal.status,
            details=details,
        )


def write(actor: Actor, event: str, obj: Model | None, scopes: dict[str, UUID], **fields: Any) -> AuditEvent:
    told = AuditEvent(
        event=event,
        principal=actor.principal,
        actor_label=actor.label,
        actor_user_id=actor.user_id,
        actor_key_id=actor.key_id,
        door=actor.origin.door,
        ip=actor.origin.ip,
        request_id=actor.origin.request_id,
        kind=obj._meta.model_name or "" if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        object_label=str(getattr(obj, "label", "") or "")[:300] if obj is not None else "",
        **scopes,
        **fields,
    )
    if (later := waiting()) is not None:
        later.events.append(told)
    else:
        told.save(force_insert=True)
    return told


def archive(actor: Actor, obj: Model, *, name: str, snapshot: dict[str, Any]) -> Archived:
    """Keep the name and the facts of a row that is about to be deleted. `snapshot` must hold no secret."""
    return Archived.objects.create(
        kind=obj._meta.model_name or "",
        object_id=str(obj.pk),
        name=name,
        snapshot=plain(snapshot),
        archived_by=actor.label,
        **scope_ids(obj),
    )
