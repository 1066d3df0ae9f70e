"""Usage that a gateway reports which forwards calls by itself (SPD-06): checked, and each call noted once.

Only the gateway's own credential may do this. A call that this process admitted is settled; any other is priced by the
catalog unless it names its cost, and counts for the key that it names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from gateway import admission
from gateway.admission.decide import flying, overdue
from gateway.ledger.recording import recorder
from gateway.ledger.reports import Report, checked
from gateway.ledger.usage import DEAREST, Event, memberships_of, parties_of
from gateway.ledger.writing import recorded
from gateway.models import CatalogModel
from gateway.prices import cost as price
from keys.models import Key
from rbacadmin import audit, policy
from rbacadmin.errors import PermissionDenied
from rbacadmin.policy import Action, Actor
from rbacadmin.slices import slices

MOST = 1_000  # calls in one request
SOME = 100  # keys in one question

Errors = dict[str, str]


@dataclass(frozen=True)
class Result:
    """What became of one reported call: `recorded`, `duplicate` (it was known before) or `refused`, with the errors."""

    request_id: str
    status: str
    cost: int | None = None  # nano-dollars
    errors: Errors = field(default_factory=dict)


class Full(Exception):
    """503: the database has not taken usage for so long that no more fits. Report it again later."""


def ingest(actor: Actor, events: Sequence[Any]) -> list[Result]:
    """Record reported calls; one result for each, in their order. What is answered as recorded is written.

    A call is refused alone, with the field and the rule that it breaks; the others count. Raises PermissionDenied,
    which is on record, ValueError for more than 1,000 events, Full, and DatabaseError when nothing could be written.
    """
    try:
        policy.require(actor, Action.RECORD_USAGE)
    except PermissionDenied as refusal:
        audit.record_refusal(actor, refusal, "usage.record")
        raise
    if len(events) > MOST:
        raise ValueError(f"At most {MOST} events at once.")
    if recorder.full:
        raise Full
    reports = [checked(event) for event in events]
    good = [report for report in reports if isinstance(report, Report)]
    known = recorded([report.request_id for report in good])
    keys = keys_named({report.key for report in good if report.key})
    memberships = memberships_of(keys.values())
    models = models_named({report.model for report in good})
    results = []
    for event, report in zip(events, reports, strict=True):
        if not isinstance(report, Report):
            name = event.get("request_id") if isinstance(event, Mapping) else None
            results.append(Result(name if isinstance(name, str) else "", "refused", errors=report))
        elif report.request_id in known:
            results.append(Result(report.request_id, "duplicate"))
        else:
            results.append(result := noted(report, keys.get(report.key), memberships, models))
            if result.status == "recorded":
                known[report.request_id] = JUST_NOW
    recorder.flush()
    return results


JUST_NOW = UUID(int=0)  # the batch of what this very request has reported


def noted(
    report: Report, key: Key | None, memberships: Mapping[tuple[UUID, UUID], UUID], models: Sequence[CatalogModel]
) -> Result:
    """Settle the call if it is in flight here, else note it for its key."""
    if report.request_id in flying or report.request_id in overdue:
        try:
            return Result(report.request_id, "recorded", settled(report))
        except LookupError:  # somebody was faster
            return Result(report.request_id, "duplicate")
    if key is None:
        rule = "There is no such key." if report.key else "Is needed: no call of this id is in flight here."
        return Result(report.request_id, "refused", errors={"key": rule})
    model = priced_for(key, report.model, models)
    cost = report.cost
    if cost is None:
        if model is None:
            rule = "The catalog does not have it: name the cost."
            return Result(report.request_id, "refused", errors={"model": rule})
        cost = min(price(model, report.prompt_tokens, report.completion_tokens), DEAREST)
    event = Event(
        request_id=report.request_id,
        parties=parties_of(key, memberships),
        model=report.model,
        started_at=report.started_at,
        ended_at=report.ended_at,
        cost=cost,
        prompt_tokens=report.prompt_tokens,
        completion_tokens=report.completion_tokens,
        status=report.status,
        route=report.route,
        deployment_id=model.pk if model else None,
        customer=report.customer,
        tags=tuple(dict.fromkeys((*key.tags, *report.tags))),
        own=model is not None and model.team_id is not None,
        entry=model.name if model else "",
    )
    if not recorder.record(event):
        raise Full
    return Result(report.request_id, "recorded", cost)


def settled(report: Report) -> int:
    """End a call that this process admitted. Raises LookupError. Gives its cost in nano-dollars."""
    return admission.settle(
        report.request_id,
        prompt_tokens=report.prompt_tokens,
        completion_tokens=report.completion_tokens,
        cost=report.cost,
        status=report.status,
        tags=report.tags,
        customer=report.customer or None,
        started=report.started_at,
    )


def keys_named(texts: set[str]) -> dict[str, Key]:
    """The keys by what the reports call them: any id, or the stored hash. A question for a hundred of them."""
    found: dict[str, Key] = {}
    for some in slices(sorted(texts), SOME):
        for key in Key.rows_named(*some):
            for name in (key.public_id, str(key.pk), key.pk.hex, key.prefixed_id, key.token):
                if name in texts:
                    found[name] = key
    return found


def models_named(names: set[str]) -> list[CatalogModel]:
    return list(CatalogModel.objects.filter(name__in=names).order_by("created_at", "pk"))


def priced_for(key: Key, name: str, models: Sequence[CatalogModel]) -> CatalogModel | None:
    """The model that a key means by a name: its own team's or project's before the platform's."""
    scopes = {key.team_id, key.project_id, key.organization_id} - {None}
    fitting = [model for model in models if model.name == name and owner_of(model) in {None, *scopes}]
    return min(fitting, key=lambda model: owner_of(model) is None, default=None)


def owner_of(model: CatalogModel) -> UUID | None:
    owner: UUID | None = model.team_id or model.project_id or model.organization_id
    return owner
