"""Reading the record: finding events, and telling each reader no more of them than concerns the reader.

An event stands in the scopes of its object, so whoever may see the audit log of a scope sees it. What it says beyond
that is cut here: who tried what they could not even see, from which address, and where a row came from or went to.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Model, Q, QuerySet

from rbacadmin import audit, policy
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.ownership import NOT_THERE
from rbacadmin.policy.scopes import scope_models
from rbacadmin.service import service

BATCH = 100
# What an event did, by the word behind the dot: `team.created`, `key.generate`, `team.delete`. Verbs on something that
# is no row of its own are changes: `team.add_models`, `user.remove_factors`.
STEMS: dict[str, str] = {
    "created": r"\.(add(ed)?$|create|generate)",
    "deleted": r"\.(removed?$|delete)",
    "blocked": r"\.block",
    "unblocked": r"\.unblock",
    "rotated": r"\.regenerate",
}
ACTIONS = (*STEMS, "updated")
PLACES = frozenset(
    {"organization", "organization_id", "team", "team_id", "project", "project_id", "from", "to", "home"}
)
OF_A_DECISION = ("action", "object", "limits", "roles_that_could")


@dataclass(frozen=True)
class Told:
    """An event as one reader may know it. `scopes` are public ids by kind, `who` is None for strangers.

    `names` has what the scopes that it mentions are called, by their public ids.
    """

    event: AuditEvent
    who: str | None
    ip: str | None
    scopes: dict[str, str | None]
    details: dict[str, Any]
    names: Mapping[str, str] = field(default_factory=dict)


def action_of(event: str) -> str:
    """What an event did: created, deleted, blocked, unblocked, rotated, or (anything else) updated."""
    return next((name for name, stem in STEMS.items() if re.search(stem, event)), "updated")


def did(action: str) -> Q:
    """`action_of` as a filter."""
    if action in STEMS:
        return Q(event__regex=STEMS[action])
    return ~Q(event__regex="|".join(STEMS.values())) if action == "updated" else Q(pk__in=[])


def sees_everything(actor: Actor) -> bool:
    return policy.can(actor, Action.VIEW_AUDIT)


def known_people(actor: Actor, ids: Iterable[Any]) -> QuerySet[Any]:
    """The people among `ids` that the reader may see."""
    people = get_user_model()._default_manager.filter(pk__in=ids)
    return policy.visible(actor, Action.VIEW_PEOPLE, people)


def acts_of(actor: Actor, people: Sequence[Any]) -> Q:
    """What these people did. Asking for strangers by name finds no more than is told of them."""
    condition = Q(actor_user_id__in=people)
    if sees_everything(actor):
        return condition
    return condition & (~Q(status=NOT_THERE) | Q(actor_user_id__in=known_people(actor, people).values("pk")))


def done_by(actor: Actor, name: str) -> Q:
    """What somebody did, by e-mail or id. Nobody of that name and somebody out of sight find the same: nothing."""
    if name == Actor.master().label:
        return Q(principal="master")
    return acts_of(actor, list(get_user_model().rows_named(name).values_list("pk", flat=True)))


def mentioning(actor: Actor, text: str) -> Q:
    """Events that contain the text: in their name, in that of their object, or in that of whoever did them."""
    named = Q(event__icontains=text) | Q(object_label__icontains=text)
    by = Q(actor_label__icontains=text)
    return named | (by if sees_everything(actor) else by & ~Q(status=NOT_THERE))


def between(events: QuerySet[AuditEvent], start: datetime | None, end: datetime | None) -> QuerySet[AuditEvent]:
    """From `start`, up to and without `end`."""
    events = events.filter(created_at__gte=start) if start else events
    return events.filter(created_at__lt=end) if end else events


def tell(actor: Actor, events: Sequence[AuditEvent]) -> list[Told]:
    """The events as the reader may know them. At most four queries, however many there are."""
    everything = sees_everything(actor)
    hidden = [event for event in events if event.status == NOT_THERE and event.actor_user_id != actor.user_id]
    strangers = set()
    if hidden and not everything:
        tried = {event.actor_user_id for event in hidden}
        strangers = tried - set(known_people(actor, tried - {None}).values_list("pk", flat=True))
    places, names = visible_places(actor, events)
    found = []
    for event in events:
        stranger = event in hidden and event.actor_user_id in strangers
        told = everything or event.actor_user_id == actor.user_id is not None
        found.append(
            Told(
                event=event,
                who=None if stranger else event.actor_label,
                ip=event.ip if told else None,
                scopes={kind: place(places, kind, event, everything) for kind in scope_models()},
                details=dict(event.details) if everything else cut(event.details, places),
                names=names,
            )
        )
    return found


def visible_places(actor: Actor, events: Sequence[AuditEvent]) -> tuple[dict[str, str], dict[str, str]]:
    """The scopes that the events name, by UUID and public id, as far as the reader may see them; and their names.

    A query per kind.
    """
    named = {text for event in events for text in named_places(event.details)}
    uuids = {uuid for text in named if (uuid := as_uuid(text))}
    found: dict[str, str] = {}
    names: dict[str, str] = {}
    for kind, model in scope_models().items():
        ids = uuids | {pk for event in events if (pk := getattr(event, f"{kind}_id"))}
        if ids or named:
            rows = model._default_manager.filter(Q(pk__in=ids) | Q(public_id__in=named))
            seen: Any = policy.visible(actor, model.view_action, rows)  # type: ignore[attr-defined]
            for pk, public_id, alias in seen.values_list("pk", "public_id", "alias"):
                found |= {str(pk): public_id, public_id: public_id}
                names[public_id] = alias
    return found, names


def place(places: dict[str, str], kind: str, event: AuditEvent, everything: bool) -> str | None:
    """The scope's public id; the plain id of one that is gone is for the platform's people."""
    pk = getattr(event, f"{kind}_id")
    return None if pk is None else places.get(str(pk), str(pk) if everything else None)


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def named_places(value: Any, name: str = "") -> Iterator[str]:
    """The texts in the details that stand under the name of a place."""
    if isinstance(value, dict):
        for inner, item in value.items():
            yield from named_places(item, name if name in PLACES else inner)
    elif isinstance(value, list):
        for item in value:
            yield from named_places(item, name)
    elif isinstance(value, str) and name in PLACES:
        yield value


def cut(details: dict[str, Any], places: dict[str, str]) -> dict[str, Any]:
    """The details without the names of places that the reader cannot see, and of a decision only what it was about."""
    found = {name: without_places(value, places, name) for name, value in details.items()}
    if isinstance(decision := found.get("decision"), dict):
        found["decision"] = {name: decision[name] for name in OF_A_DECISION if name in decision}
    return found


def without_places(value: Any, places: dict[str, str], name: str = "") -> Any:
    if isinstance(value, dict):
        return {inner: without_places(item, places, name if name in PLACES else inner) for inner, item in value.items()}
    if isinstance(value, list):
        return [without_places(item, places, name) for item in value]
    return None if isinstance(value, str) and name in PLACES and value not in places else value


@service
def export_audit(actor: Actor, scope: Model | None = None, *, filters: dict[str, Any] | None = None) -> AuditEvent:
    """Put on record that the audit log (of a scope) is exported, and with which filters (AUD-05).

    Nothing changes, so there is no `Change`. Raises PermissionDenied.
    """
    if scope is None:
        policy.require_somewhere(actor, Action.EXPORT_AUDIT)
    else:
        policy.require(actor, Action.EXPORT_AUDIT, scope)
    details = {"filters": audit.plain(filters or {})}
    return audit.write(actor, "audit.exported", scope, audit.scope_ids(scope), details=details)


def batches(actor: Actor, events: QuerySet[AuditEvent]) -> Iterator[list[Told]]:
    """Everything that the actor may export, newest first, a few at a time: memory does not grow with the log."""
    cursor: str | None = None
    while True:
        page = policy.page(actor, Action.EXPORT_AUDIT, events, "-created_at", cursor, BATCH)
        yield tell(actor, page.items)
        cursor = page.next_cursor
        if cursor is None:
            return
