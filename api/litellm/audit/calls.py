"""/audit: each function is one request, one call, one answer."""

from typing import Any

from django.db.models import QuerySet

from api.litellm import dates, lists
from api.litellm.audit import asks
from api.litellm.audit.rows import TABLES, audit_rows
from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin import policy, trail
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Action, Actor
from teams.models import Team, User

SCOPES: dict[str, Any] = {"organization_id": Organization, "team_id": Team, "project_id": Project}


def list_page(actor: Actor, body: asks.AuditPage) -> dict[str, Any]:
    """Your slice of the audit log, newest first."""
    events = filtered(actor, body, named_scopes(actor, Action.VIEW_AUDIT, body))
    order = lists.order_of("created_at", body.sort_order, {})
    found = policy.numbered(actor, Action.VIEW_AUDIT, events, page=body.page, size=body.page_size, order=order)
    return lists.numbered(found, "audit_logs", audit_rows(actor, trail.tell(actor, found.items)))


def info(actor: Actor, body: asks.AuditNamed) -> dict[str, Any]:
    """One event."""
    event = policy.find(actor, Action.VIEW_AUDIT, AuditEvent, body.id)
    return audit_rows(actor, trail.tell(actor, [event]))[0]


def named_scopes(actor: Actor, action: Action, body: asks.AuditFilter) -> dict[str, Any]:
    """The scopes that the request is about; one must be allowed to see the log of each (AUD-02, AUD-03, AUD-07)."""
    named = {column: ident for column in SCOPES if (ident := getattr(body, column))}
    return {column: policy.find(actor, action, SCOPES[column], ident) for column, ident in named.items()}


def filtered(actor: Actor, body: asks.AuditFilter, scopes: dict[str, Any]) -> QuerySet[AuditEvent]:
    """The filters. An unknown id and one that the caller cannot see both find nothing."""
    found = AuditEvent.objects.filter(**{column: scope.pk for column, scope in scopes.items()})
    for name in (body.changed_by, body.actor):
        if name:
            found = found.filter(trail.done_by(actor, name))
    if body.changed_by_api_key:
        found = found.filter(actor_key_id__in=ids_of(actor, Key, body.changed_by_api_key))
    if body.object_key_hash:
        found = found.filter(kind="key", object_id__in=map(str, ids_of(actor, Key, body.object_key_hash)))
    if body.object_team_id:
        found = found.filter(team_id__in=ids_of(actor, Team, body.object_team_id))
    if body.object_id:
        known = [str(pk) for model in (*SCOPES.values(), User, Key) for pk in ids_of(actor, model, body.object_id)]
        found = found.filter(object_id__in=[body.object_id, *known])
    if body.table_name:
        found = found.filter(kind__in=[kind for kind, table in TABLES.items() if table == body.table_name])
    if body.action:
        found = found.filter(trail.did(body.action))
    if body.event:
        found = found.filter(event=body.event)
    if body.outcome:
        found = found.filter(outcome=body.outcome)
    if body.search:
        found = found.filter(trail.mentioning(actor, body.search))
    return trail.between(found, *dates.between(body.start_date, body.end_date))


def ids_of(actor: Actor, model: Any, ident: str) -> list[Any]:
    """The rows of that name that the caller may see."""
    return list(policy.visible(actor, model.view_action, model.rows_named(ident)).values_list("pk", flat=True))
