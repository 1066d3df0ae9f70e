"""/v1/organization/audit_logs: the record, as far as OpenAI has words for what happened."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.openai.administration.pages import ByLast, Page, by_last, cut, stamp
from api.openai.administration.places import ids_of
from api.openai.administration.route import GET, Context, Route
from api.types import Ident, Idents, Names, Request, Response
from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin import trail
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Action
from rbacadmin.policy import Action as Do
from rbacadmin.trail import Told
from teams.models import Invitation, Membership, Team, User

# Our events under OpenAI's names. What has none there, and what was refused, is read through the other doors.
TYPES = {
    "project.created": "project.created",
    "project.updated": "project.updated",
    "project.deleted": "project.archived",
    "key.generated": "api_key.created",
    "key.updated": "api_key.updated",
    "key.deleted": "api_key.deleted",
    "team.created": "group.created",
    "team.updated": "group.updated",
    "team.deleted": "group.deleted",
    "member.added": "user.added",
    "member.updated": "user.updated",
    "member.removed": "user.deleted",
    "invitation.created": "invite.sent",
    "invitation.accepted": "invite.accepted",
    "invitation.deleted": "invite.deleted",
    "organization.updated": "organization.updated",
    **{f"{kind}.shared": "role.assignment.created" for kind in ("organization", "project", "team")},
    **{f"{kind}.unshared": "role.assignment.deleted" for kind in ("organization", "project", "team")},
}
KINDS: dict[str, Any] = {
    str(model._meta.model_name): model for model in (Organization, Project, Team, Key, User, Invitation, Membership)
}
Seconds = Annotated[int, Field(ge=0, lt=32_503_680_000)]


class Between(Request):
    gt: Seconds | None = None
    gte: Seconds | None = None
    lt: Seconds | None = None
    lte: Seconds | None = None


class AuditPage(Page):
    before: Ident | None = None
    effective_at: Between | None = None
    event_types: Names | None = None
    actor_ids: Idents | None = None
    actor_emails: Idents | None = None
    project_ids: Idents | None = None
    resource_ids: Idents | None = None


class AuditLog(Response):
    """Beside these stands one member with the name of the type: the id of what it was about."""

    model_config = ConfigDict(extra="allow")

    id: str
    type: str
    effective_at: int
    project: dict[str, str] | None = None
    actor: dict[str, Any] | None = None


class AuditLogs(ByLast):
    object: Literal["list"] = "list"
    data: Sequence[AuditLog]


def list_page(context: Context, body: AuditPage) -> AuditLogs:
    """Newest first. One must be allowed to see the record of what it was about."""
    events = AuditEvent.objects.filter(
        organization_id=context.organization.pk, outcome=AuditEvent.Outcome.DONE, event__in=TYPES
    )
    if body.event_types is not None:
        events = events.filter(event__in=[ours for ours, name in TYPES.items() if name in body.event_types])
    for bound, seconds in (body.effective_at.model_dump() if body.effective_at else {}).items():
        if seconds is not None:
            events = events.filter(**{f"created_at__{bound}": datetime.fromtimestamp(seconds, UTC)})
    if body.project_ids is not None:
        events = events.filter(project_id__in=ids_of(Project, body.project_ids))
    if body.resource_ids is not None:
        named = {str(pk) for model in KINDS.values() for pk in ids_of(model, body.resource_ids)}
        events = events.filter(object_id__in=named)
    for people in (body.actor_ids, body.actor_emails):
        if people is not None:
            events = events.filter(trail.acts_of(context.actor, list(ids_of(User, people))))
    items, more = cut(context, Action.VIEW_AUDIT, events, body, before=body.before)
    return by_last(AuditLogs, [shown(told) for told in trail.tell(context.actor, items)], more)


def shown(told: Told) -> AuditLog:
    event = told.event
    name = TYPES[event.event]
    about: dict[str, Any] = {name: {"id": str(told.details.get("user") or prefixed(event.kind, event.object_id))}}
    if name.startswith("role.assignment."):
        group = {"principal_id": told.details.get("team"), "principal_type": "group"}
        about[name] |= {**group, "resource_id": about[name]["id"], "resource_type": f"api.{event.kind}"}
    project = {"id": prefixed("project", event.project_id)} if told.scopes.get("project") else None
    return AuditLog(
        id=str(event.pk), type=name, effective_at=stamp(event.created_at), project=project, actor=who(told), **about
    )


def who(told: Told) -> dict[str, Any] | None:
    """Who did it, as far as the reader may know; the master key is nobody's."""
    event = told.event
    if told.who is None:
        return None
    user = {"id": prefixed("user", event.actor_user_id)} if event.actor_user_id else None
    if event.actor_key_id is not None:
        kind = {"type": "user", "user": user} if user else {"type": "service_account"}
        return {"type": "api_key", "api_key": {"id": prefixed("key", event.actor_key_id), **kind}}
    return {"type": "session", "session": {"ip_address": told.ip, **({"user": user} if user else {})}}


def prefixed(kind: str, pk: Any) -> str:
    model = KINDS.get(kind)
    return f"{model.id_prefix}{uuid.UUID(str(pk)).hex}" if model else str(pk)


# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("/v1/organization/audit_logs", GET, Do.VIEW_AUDIT, AuditPage, AuditLogs, list_page, "error",
          "What happened, as far as you may see it"),
)
# fmt: on
