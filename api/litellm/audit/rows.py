"""Events as LiteLLM shows them: its table names, its words for columns, dollars."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from api.litellm import translate
from api.litellm.route import WIRE
from api.litellm.shown import Row
from api.litellm.translate import per_model, stamp
from keys.models import Key
from rbacadmin import money, policy
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Action, Actor
from rbacadmin.trail import Told, action_of
from teams.models import User

TABLES = {
    "organization": "LiteLLM_OrganizationTable",
    "project": "LiteLLM_ProjectTable",
    "team": "LiteLLM_TeamTable",
    "user": "LiteLLM_UserTable",
    "key": "LiteLLM_VerificationToken",
    "catalogmodel": "LiteLLM_ProxyModelTable",
    "modelaccessgroup": "LiteLLM_AccessGroupTable",
    "invitation": "LiteLLM_InvitationLink",
    "membership": "LiteLLM_TeamMembership",
}
IN_DOLLARS = (*translate.MONEY, "spend", "temp_budget_increase")
MASTER = "default_user_id"


def audit_rows(actor: Actor, told: Sequence[Told]) -> list[Row]:
    """The events as they may be told, in LiteLLM's shape. Two queries, whatever their number."""
    people = public_ids(actor, told)
    keys = tokens(actor, told)
    return [row_of(one, people, keys) for one in told]


def row_of(told: Told, people: Mapping[UUID, str], keys: Mapping[UUID, str]) -> Row:
    event = told.event
    before, after, rest = values_of(event, told.details)
    return {
        "id": str(event.pk),
        "updated_at": stamp(event.created_at),
        "changed_by": changed_by(told, people),
        "changed_by_api_key": keys.get(event.actor_key_id) if event.actor_key_id and told.who is not None else None,
        "action": action_of(event.event),
        "table_name": TABLES.get(event.kind, ""),
        "object_id": object_id(told, people, keys),
        "before_value": before,
        "updated_values": after,
        "event": event.event,
        "outcome": event.outcome,
        "status": event.status,
        "object_name": event.object_label,
        **{f"{kind}_id": ident for kind, ident in told.scopes.items()},
        "door": event.door,
        "ip": told.ip,
        "details": rest,
    }


def changed_by(told: Told, people: Mapping[UUID, str]) -> str | None:
    """Whoever did it, by id where the reader sees them, else by the name on record; null for strangers."""
    event = told.event
    if told.who is None or event.principal == "master":
        return None if told.who is None else MASTER
    name = told.who.rsplit(" (sk-", 1)[0] if event.actor_key_id else told.who
    return people.get(event.actor_user_id, name) if event.actor_user_id else name


def object_id(told: Told, people: Mapping[UUID, str], keys: Mapping[UUID, str]) -> str:
    """The object as the other routes name it, as far as it is there and the reader sees it; else its plain id."""
    event = told.event
    if event.kind in told.scopes:
        return told.scopes[event.kind] or event.object_id
    known = {"user": people, "key": keys}.get(event.kind)
    return known.get(UUID(event.object_id), event.object_id) if known else event.object_id


def values_of(event: AuditEvent, details: Mapping[str, Any]) -> tuple[Row | None, Row | None, Row]:
    """What was there before, what is there after, and the other details."""
    rest = dict(details)
    changed = rest.pop("changed", None)
    names: Mapping[str, str] = WIRE.get(event.kind, {})
    if isinstance(changed, dict):
        before, after = (
            {names.get(str(name), str(name)): wire(name, pair[side]) for name, pair in changed.items()}
            for side in (0, 1)
        )
        return before, after, rest
    done = event.outcome == AuditEvent.Outcome.DONE
    facts = {names.get(str(name), str(name)): wire(name, value) for name, value in rest.items()}
    did = action_of(event.event)
    return facts if done and did == "deleted" else None, facts if done and did == "created" else None, rest


def wire(name: str, value: Any) -> Any:
    """A recorded value as the wire has it: amounts in dollars."""
    if name in IN_DOLLARS and isinstance(value, int) and not isinstance(value, bool):
        return money.to_number(value)
    return per_model(value) if name == "model_max_budget" and isinstance(value, dict) else value


def public_ids(actor: Actor, told: Sequence[Told]) -> dict[UUID, str]:
    """The people in the events that the reader may see."""
    ids = {one.event.actor_user_id for one in told} | objects(told, "user")
    seen = policy.visible(actor, Action.VIEW_PEOPLE, User.objects.filter(pk__in=[pk for pk in ids if pk]))
    return dict(seen.values_list("pk", "public_id"))


def tokens(actor: Actor, told: Sequence[Told]) -> dict[UUID, str]:
    """The hashes of the keys in the events that the reader may see."""
    ids = {one.event.actor_key_id for one in told} | objects(told, "key")
    seen = policy.visible(actor, Action.VIEW_KEYS, Key.objects.filter(pk__in=[pk for pk in ids if pk]))
    return dict(seen.values_list("pk", "token"))


def objects(told: Sequence[Told], kind: str) -> set[UUID | None]:
    return {UUID(one.event.object_id) for one in told if one.event.kind == kind}
