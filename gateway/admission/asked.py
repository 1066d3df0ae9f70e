"""Questions: what a call would be answered, without one. Nothing is taken and nothing is counted."""

import time
from dataclasses import dataclass

from gateway.admission import load
from gateway.admission.caller import Caller, Deployment
from gateway.admission.decide import CHAT, cost_of, short
from gateway.admission.offers import left, offer_of
from gateway.admission.refusals import Headers, Refusal, Refused
from keys.models import Key


@dataclass(frozen=True)
class Verdict:
    """The answer to a question: what a call would be answered, without one."""

    allowed: bool
    refusal: Refusal | None
    caller: Caller
    deployment: Deployment | None = None
    cost: int = 0
    headers: Headers = ()


def question(
    caller: Caller,
    *,
    model: str,
    route: str,
    prompt_tokens: int = 0,
    completion_tokens: int = 0,
    customer: str | None = None,
    now: float | None = None,
) -> Verdict:
    """What `admit` would answer, without taking anything."""
    if now is None:
        now = time.time()
    try:
        offer = offer_of(caller, model, route, now, customer)
    except Refused as refused:
        return Verdict(False, refused.refusal, caller)
    cost = cost_of(prompt_tokens, completion_tokens, offer.input_price, offer.output_price)
    refusal = short(offer, cost or 1, prompt_tokens + completion_tokens, now)
    return Verdict(refusal is None, refusal, caller, offer.deployment, cost, left(offer))


def refusal_of(key: Key, model: str, route: str = CHAT) -> Refusal | None:
    """Why the next call of a model with this key would be refused, or None. Needs `load.RELATED`; takes nothing."""
    now = time.time()
    try:
        caller = load.of_row(key, now)
    except Refused as refused:
        return refused.refusal
    return question(caller, model=model, route=route, now=now).refusal
