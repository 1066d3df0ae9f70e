"""Applying manifests: all of them in one transaction, or none. A plan is the same, taken back."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from manifests import removing
from manifests.errors import Invalid, Mistake, Mistaken
from manifests.people import Affected
from manifests.plan import ADOPTED, CHANGED, CREATED, REMOVED, UNCHANGED, WAITS, Plan, Step, parts_of
from manifests.reading import Entry
from manifests.references import remembering
from manifests.resources import Resource
from manifests.state import State, show, state_of
from manifests.writing import KEPT, create_manifest, replace_manifest
from rbacadmin import audit
from rbacadmin.errors import Conflict, Refused
from rbacadmin.policy import Actor
from rbacadmin.service import service

DOOR = "manifests"
MOST_TOLD = 500  # names of each sort in the record


@dataclass(frozen=True)
class Asked:
    """What is to be applied, and how. `owner` names the set that it belongs to: only that is pruned.

    `source` is where it comes from, for the record; `expect` is the digest of the plan that somebody has looked at.
    """

    entries: Sequence[Entry]
    owner: str = "default"
    source: str = ""
    prune: bool = False
    take_over: bool = False
    expect: str = ""


def apply(actor: Actor, asked: Asked) -> Plan:
    """Make everything as it is declared. Raises Mistaken with all that is in the way, or Conflict; then nothing is.

    Refusals are on record, each by itself.
    """
    actor = through_this_door(actor)
    try:
        done = apply_manifests(actor, asked=asked)
    except Mistaken as error:
        for refusal in error.refusals:
            audit.record_refusal(actor, refusal, "manifest.apply")
        raise
    done.applied = True
    return done


def plan(actor: Actor, asked: Asked) -> Plan:
    """What `apply` would do, with who gains or loses what. Nothing stays, no record either."""
    actor = through_this_door(actor)
    with transaction.atomic():
        affected = Affected(actor)
        found = apply_manifests(actor, asked=asked)
        affected.look(found)
        transaction.set_rollback(True)
    found.people, found.people_count = affected.shifts(), affected.count
    return found


def through_this_door(actor: Actor) -> Actor:
    """The same actor; all that they do here is one request, also where none was made."""
    origin = replace(actor.origin, door=DOOR, request_id=actor.origin.request_id or uuid.uuid4().hex)
    return replace(actor, origin=origin)


@service
def apply_manifests(actor: Actor, *, asked: Asked) -> Plan:
    """All of it. Each manifest has a savepoint of its own, so that one mistake hides no other."""
    known = state_of(actor, asked.entries)
    steps = [step_of(known, entry, asked.owner) for entry in asked.entries]
    show(actor, [step for step in steps if step.outcome != UNCHANGED], "before")
    mistakes: list[Mistake] = []
    refusals: list[Refused] = []
    with remembering(known.rows(apart={step.key for step in steps if step.outcome != UNCHANGED})), audit.together():
        for entry, step in zip(asked.entries, steps, strict=True):
            if step.outcome == UNCHANGED:
                continue
            try:
                with transaction.atomic(), audit.together():
                    take(step, written(actor, asked, known, entry))
            except (ValidationError, Refused) as error:
                mistakes += mistakes_of(entry, error)
                refusals += [error] if isinstance(error, Refused) else []
    if asked.prune and not mistakes:
        steps += removing.remove(actor, asked.owner, {entry.key for entry in asked.entries}, mistakes, refusals)
    if mistakes:
        raise Mistaken(mistakes, refusals)
    show(actor, [step for step in steps if step.outcome not in (UNCHANGED, REMOVED)], "after")
    for step in steps:
        settle(step)
    found = Plan(asked.owner, steps)
    if asked.expect and asked.expect != found.digest:
        raise Conflict("What would be done is not what was planned: plan again.", code="plan_changed")
    if found.changes:
        tell(actor, asked, found)
    return found


def step_of(known: State, entry: Entry, owner: str) -> Step:
    """A step before it is taken: nothing to do, or something that may be found out to be nothing."""
    kind, namespace, name = entry.document.kind, entry.document.namespace, entry.document.name
    there = known.resources.get(entry.key)
    visible = there is not None and (there.row is not None or there.manifest.object_id is None)
    step = Step(kind, namespace, name, UNCHANGED if known.is_so(entry, owner) else CREATED, entry)
    if visible and there is not None:
        step.manifest, step.row = there.manifest, there.row
    return step


def written(actor: Actor, asked: Asked, known: State, entry: Entry) -> Resource:
    """Write one manifest."""
    found = known.resources.get(entry.key)
    if found is None or (found.row is None and found.manifest.object_id is not None):
        return create_manifest(actor, entry.document, applied_by=asked.owner, free=found is None)
    theirs = found.manifest.applied_by
    if theirs and theirs != asked.owner and not asked.take_over:
        raise Conflict(f"It is applied with '{theirs}'; --take-over makes it '{asked.owner}'.", code="owned")
    return replace_manifest(actor, found.manifest, found.row, known.wanted(entry), applied_by=asked.owner)


def take(step: Step, made: Resource) -> None:
    """What came of a step."""
    before = step.manifest
    came = step.row is None and made.row is not None  # also what was declared before, and waited
    step.outcome = CREATED if before is None or came else CHANGED
    step.same_beside = all(getattr(before, name, None) == getattr(made.manifest, name) for name in KEPT)
    step.manifest, step.row = made.manifest, made.row
    if made.manifest.reason:
        step.outcome, step.reason = WAITS, made.manifest.message


def settle(step: Step) -> None:
    """Name a step by what it has changed: one that only says that a row is declared from now on adopts it."""
    if step.outcome == CHANGED and not step.fields:
        step.outcome = UNCHANGED if step.same_beside else ADOPTED
    elif step.outcome == WAITS and step.before is not None and parts_of(step.before) == parts_of(step.after):
        step.outcome = UNCHANGED if step.entry and step.reason == waited_for(step) else WAITS


def waited_for(step: Step) -> str:
    """What a manifest waited for before."""
    conditions = (step.before or {}).get("status", {}).get("conditions", [])
    return next((str(one["message"]) for one in conditions if one["status"] == "False"), "")


def mistakes_of(entry: Entry, error: ValidationError | Refused) -> list[Mistake]:
    """What is in the way of one manifest, at its place."""
    if isinstance(error, Invalid):
        return [entry.wrong(str(cause)) for cause in error.causes]
    if isinstance(error, ValidationError):
        return [entry.wrong(words) for words in error.messages]
    return [entry.wrong(str(error), error.status)]


def tell(actor: Actor, asked: Asked, found: Plan) -> None:
    """Put on record that this was one change. What it did row by row stands beside it, with the same request id."""
    names: dict[str, list[str]] = {}
    for step in found.changes:
        names.setdefault(step.outcome, []).append(f"{step.kind.name} {step.namespace}/{step.name}")
    told: dict[str, Any] = {outcome: listed[:MOST_TOLD] for outcome, listed in names.items()}
    details = {"owner": asked.owner, "source": asked.source, "counts": found.counts, **told}
    audit.write(actor, "manifests.applied", None, shared_scopes(found), details=details)


def shared_scopes(found: Plan) -> dict[str, Any]:
    """The organization of all that was changed, where it is one: then its admins read the record, too."""
    homes = {step.manifest.organization_id for step in found.changes if step.manifest is not None}
    (home, *others) = homes or {None}
    return {"organization_id": home} if home is not None and not others else {}
