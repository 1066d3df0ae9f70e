"""May this caller call this model now? The one function, without I/O when warm, and what follows a call."""

import itertools
import os
import time
from typing import Any

from gateway.admission import decision_log
from gateway.admission import meters as counted
from gateway.admission.caller import Caller, Deployment, Held, Offer
from gateway.admission.customers import offer_name
from gateway.admission.offers import left, offer_of
from gateway.admission.refusals import (
    Headers,
    Refusal,
    Refused,
    crowded,
    full,
    over_budget,
    over_rate,
    too_little,
    too_open,
)
from gateway.ledger.purse import guard
from rbacadmin.money import PER_TOKENS, charge

CHAT = "/v1/chat/completions"
LASTS = 600.0  # seconds that a call may take before what it reserved is given back
TRIES = 3  # how often others may take what was refilled before we say so
MOST_FLYING = 100_000  # calls in flight in one process, about 1 kB each: a proxy may never tell the end of any
_ids = itertools.count(1)


class Process:
    """What the ids of this process's calls begin with. A forked child is another process."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        self.id = os.urandom(6).hex()


_process = Process()


class Admission:
    """A call that was let through: what it reserved, until it is settled or released."""

    __slots__ = (
        *("at", "caller", "completion_tokens", "cost", "lasts", "offer", "prompt_tokens", "request_id", "route"),
        "tokens",
    )

    def __init__(
        self,
        request_id: str,
        caller: Caller,
        offer: Offer,
        cost: int,
        prompt: int,
        completion: int,
        route: str,
        at: float,
        tokens: int,
        lasts: float,
    ) -> None:
        self.request_id, self.caller, self.offer = request_id, caller, offer
        self.cost = cost  # nano-dollars reserved at every level with a budget
        self.prompt_tokens, self.completion_tokens = prompt, completion
        self.tokens = tokens  # counted against limits
        self.route, self.at = route, at
        self.lasts = lasts  # seconds until what it reserved is given back

    @property
    def deployment(self) -> Deployment:
        """Which model of the catalog is called."""
        return self.offer.deployment

    @property
    def reserved(self) -> int:
        """Nano-dollars."""
        return self.cost

    @property
    def headers(self) -> Headers:
        """What the answer says about the caller, and what is left of the tightest rate limits."""
        return (("x-rbacadmin-request-id", self.request_id), *self.caller.headers, *left(self.offer))


flying: dict[str, Admission] = {}  # calls in flight by request id, the oldest first
overdue: dict[str, Admission] = {}  # those that hold nothing any more: when their end is told after all, it counts
os.register_at_fork(after_in_child=_process.renew)
os.register_at_fork(after_in_child=flying.clear)  # the parent ends its own
os.register_at_fork(after_in_child=overdue.clear)


def admit(
    caller: Caller,
    *,
    model: str,
    route: str,
    prompt_tokens: int,
    completion_tokens: int,
    request_id: str | None = None,
    customer: str | None = None,
    counted_tokens: int | None = None,
    lasts: float = LASTS,
    most_open: int | None = None,
    now: float | None = None,
) -> Admission:
    """Let a call through and reserve what it is estimated to need, or raise Refused (403, 400, 422, 429).

    `now` in seconds since 1970; `customer` is the end user for whom the call is made. Limits count `counted_tokens`
    where these are not what money is reserved for; after `lasts` seconds both are given back. While `most_open` calls
    of the caller are in flight, the next is 429; a request id that is in flight already is 400. What is short is
    refilled or computed anew, and then everything is looked at again: others may have taken it meanwhile.
    """
    if now is None:
        now = time.time()
    tries = TRIES
    while True:
        offer = caller.offers.get(offer_name(model, customer) if customer else model)
        if offer is None or now >= offer.until or route not in caller.routes:
            offer = offered(caller, model, route, now, customer)
        admitted = take(
            caller, offer, route, prompt_tokens, completion_tokens, request_id, counted_tokens, lasts, most_open, now
        )
        if admitted is not None:
            return admitted
        need = cost_of(prompt_tokens, completion_tokens, offer.input_price, offer.output_price) or 1
        tokens = prompt_tokens + completion_tokens if counted_tokens is None else counted_tokens
        if refusal := short(offer, need, tokens, now) or (None if tries else crowded()):
            raise logged(refusal, caller, now)
        tries -= 1


def admit_warm(
    caller: Caller,
    *,
    model: str,
    route: str,
    prompt_tokens: int,
    completion_tokens: int,
    customer: str | None,
    counted_tokens: int | None,
    lasts: float,
    most_open: int,
    now: float,
) -> Admission | None:
    """`admit` as far as memory goes: None when something must be looked up, or is short. Waits for nothing.

    `admit` does not begin with it: handing everything on took it a twentieth longer.
    """
    offer = caller.offers.get(offer_name(model, customer) if customer else model)
    if offer is None or route not in caller.routes:
        return None
    if now >= offer.until:  # a minute has begun: what is there is counted anew, and nothing is looked up
        offer = offered(caller, model, route, now, customer)
    return take(caller, offer, route, prompt_tokens, completion_tokens, None, counted_tokens, lasts, most_open, now)


def offered(caller: Caller, model: str, route: str, now: float, customer: str | None) -> Offer:
    """`offer_of`, whose refusals stand in the decision log. Raises Refused."""
    try:
        return offer_of(caller, model, route, now, customer)
    except Refused as refused:
        raise logged(refused.refusal, caller, now) from None


def take(
    caller: Caller,
    offer: Offer,
    route: str,
    prompt_tokens: int,
    completion_tokens: int,
    request_id: str | None,
    counted_tokens: int | None,
    lasts: float,
    most_open: int | None,
    now: float,
) -> Admission | None:
    """Reserve what a call is estimated to need, at every level or at none (None). Raises Refused (400, 429, 503).

    Whoever has too many calls open is refused: to end the oldest of them for the next one would let calls run that no
    limit counts and no budget has reserved.
    """
    tokens = prompt_tokens + completion_tokens if counted_tokens is None else counted_tokens
    cost = -(
        -(prompt_tokens * offer.input_price + completion_tokens * offer.output_price) // PER_TOKENS
    )  # `money.charge`, without the call
    need = cost or 1
    meters, purses = offer.meters, offer.purses
    with guard:
        for purse in purses:
            if purse.have < need:
                break
        else:
            for meter in meters:
                if (meter.tokens < tokens or meter.requests < 1 or meter.parallel < 1) and meter.short_of(tokens):
                    break
            else:
                held = caller.open
                if most_open is not None and held.calls >= most_open:
                    raise logged(too_open(str(caller.holder), most_open), caller, now)
                if len(flying) >= MOST_FLYING:
                    raise Refused(full())
                if request_id is None:
                    request_id = f"{_process.id}-{next(_ids):x}"
                elif request_id in flying:
                    raise Refused(Refusal(400, "bad_request_error", f"A call {request_id[:64]} is in flight."))
                for purse in purses:
                    purse.have -= cost
                for meter in meters:
                    meter.requests -= 1
                    meter.tokens -= tokens
                    meter.parallel -= 1
                held.calls += 1
                flying[request_id] = admission = Admission(
                    request_id, caller, offer, cost, prompt_tokens, completion_tokens, route, now, tokens, lasts
                )
                return admission
    return None


def logged(refusal: Refusal, caller: Caller, now: float) -> Refused:
    """The refusal of a call, which stands in the decision log."""
    decision_log.count(refusal, decision_log.of_caller(caller), now)
    return Refused(refusal)


def cost_of(prompt_tokens: int, completion_tokens: int, input_price: int, output_price: int) -> int:
    """Nano-dollars, rounded up; prices are nano-dollars per million tokens."""
    return charge((prompt_tokens, input_price), (completion_tokens, output_price))


def short(offer: Offer, need: int, tokens: int, now: float) -> Refusal | None:
    """What there is too little of, budgets before rates, after a look at the database; None when there is enough."""
    for held in offer.held:
        if held.purse.have < need and not held.purse.refill(need, now):
            return poor(held)
    if counted.ask_others is not None:
        counted.ask_others(offer.meters, tokens, now)
    with guard:
        for meter in offer.meters:
            meter.sync(now)
            if what := meter.short_of(tokens):
                limit, remaining = meter.limit_of(what)
                return over_rate(
                    meter.kind,
                    meter.name,
                    str(meter.id),
                    limit_type=what,
                    limit=limit,
                    remaining=remaining,
                    wait=meter.wait(what, tokens, now),
                    model=meter.model,
                )
    return None


def poor(held: Held) -> Refusal:
    """The refusal of a budget that has too little."""
    lack = held.purse.refusal
    if lack is None:  # somebody else has refilled it since
        return crowded()
    named: dict[str, Any] = {"label": held.label, "spent": lack.spent, "limit": lack.limit, "model": held.model}
    if lack.reason == "exceeded":
        return over_budget(held.kind, held.name, held.level_id, **named, retry_after=lack.retry_after)
    return too_little(
        held.kind,
        held.name,
        held.level_id,
        **named,
        need=lack.need,
        in_flight=lack.reason == "reserved",
        retry_after=lack.retry_after,
    )
