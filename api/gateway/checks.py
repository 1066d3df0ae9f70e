"""May this key call this model now? Asked by a gateway that forwards by itself, answered with reasons."""

from typing import Annotated, Any

from django.core.exceptions import ValidationError
from pydantic import Field

from api.litellm.route import ERROR, POST, Route
from api.types import Named, Request, Response, Text
from gateway import admission
from gateway.admission import Admission, Caller, Refusal, Refused, Verdict
from gateway.levels import Level
from rbacadmin import money, policy
from rbacadmin.policy import Action, Actor

Token = Annotated[str, Field(min_length=1, max_length=4096)]
Tokens = Annotated[int, Field(ge=0, le=10_000_000)]


class Estimate(Request):
    """What the call may take at most, as far as the gateway knows."""

    prompt_tokens: Tokens = 0
    completion_tokens: Tokens = 0


class Question(Request):
    key: Token | None = None
    jwt: Token | None = None
    model: Named
    route: Annotated[str, Field(min_length=1, max_length=255, pattern="^/")] = "/v1/chat/completions"
    estimate: Estimate = Estimate()
    customer: Text | None = None
    reserve: bool = False


class ErrorShown(Response):
    message: str
    type: str
    param: str | None = None
    code: str


class LevelShown(Response):
    """A level that binds the call, and what it allows. `null` allows what the level above does."""

    level: str
    id: str
    models: list[str] | None = None
    max_budget: float | None = None
    rpm_limit: int | None = None
    tpm_limit: int | None = None
    max_parallel_requests: int | None = None
    refused: bool


class DecisionOnCall(Response):
    allowed: bool
    status: int
    reason: str
    error: ErrorShown | None = None
    level: str | None = None
    level_id: str | None = None
    retry_after: int | None = None
    request_id: str | None = None
    model_id: str | None = None
    cost: float | None = None
    levels: list[LevelShown]
    headers: dict[str, str]


def check(actor: Actor, body: Question) -> dict[str, Any]:
    """What a call would be answered; with `reserve`, the call itself begins, and is settled by its request id."""
    policy.require(actor, Action.CHECK_ADMISSION)
    if body.reserve:
        policy.require(actor, Action.RECORD_USAGE)  # who cannot settle a call should not begin one
    if (body.key is None) == (body.jwt is None):
        raise ValidationError({"key": "Name either a key or a jwt."})
    asked = {"model": body.model, "route": body.route, "customer": body.customer, **body.estimate.model_dump()}
    try:
        caller = admission.authenticate(body.key or body.jwt or "")
    except Refused as refused:
        return answer(None, refused.refusal)
    if not body.reserve:
        return answer(caller, admission.question(caller, **asked))
    try:
        return answer(caller, admission.admit(caller, **asked))
    except Refused as refused:
        return answer(caller, refused.refusal)


def answer(caller: Caller | None, found: Admission | Verdict | Refusal) -> dict[str, Any]:
    """The decision in one shape, whatever came of the question."""
    refusal = found if isinstance(found, Refusal) else found.refusal if isinstance(found, Verdict) else None
    told: dict[str, Any] = {
        "allowed": refusal is None,
        "status": refusal.status if refusal else 200,
        "reason": refusal.message if refusal else "Every level allows this call.",
        "levels": [shown(level, refusal) for level in (caller.rated if caller else ())],
        "headers": dict(refusal.headers if refusal else ()),
    }
    if refusal is not None:
        named = {"level": refusal.level or None, "level_id": refusal.level_id or None}
        return {**told, **named, "error": refusal.as_dict(), "retry_after": refusal.retry_after}
    assert not isinstance(found, Refusal)
    return {
        **told,
        "request_id": found.request_id if isinstance(found, Admission) else None,
        "model_id": found.deployment.public_id if found.deployment else None,
        "cost": money.to_number(found.cost),
        "headers": {**dict(caller.headers if caller else ()), **dict(found.headers)},
    }


def shown(level: Level, refusal: Refusal | None) -> dict[str, Any]:
    """A level as the caller of this route may see it: all of it, for it decides about everybody's calls."""
    row = level.row
    return {
        "level": level.kind,
        "id": str(getattr(row, "public_id", row.pk)),
        "models": row.models,
        "max_budget": None if row.max_budget is None else money.to_number(row.max_budget),
        **{name: getattr(row, name) for name in ("rpm_limit", "tpm_limit", "max_parallel_requests")},
        "refused": refusal is not None and (refusal.level, refusal.level_id) == (level.kind, str(row.pk)),
    }


# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("/gateway/check", POST, Action.CHECK_ADMISSION, Question, DecisionOnCall, check, ERROR,
          "Whether a key may call a model now, and which level refuses"),
)
# fmt: on
