"""After a call: what it took is corrected to what it used."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.utils import timezone

from gateway.admission.decide import LASTS, Admission, cost_of, flying, overdue
from gateway.admission.meters import WINDOW
from gateway.ledger.purse import guard
from gateway.ledger.recording import recorder
from gateway.ledger.usage import BIGGEST, DEAREST, LONGEST_ROUTE, Event

MOST_OVERDUE = 10_000  # calls that may still be settled after what they held was given back


def settle(
    admission: Admission | str,
    *,
    prompt_tokens: int,
    completion_tokens: int,
    cost: int | None = None,
    status: str = "success",
    tags: Sequence[str] = (),
    customer: str | None = None,
    started: datetime | None = None,
) -> int:
    """Put what a call really used in place of what it reserved, and record it once; gives its cost in nano-dollars.

    `cost` None: the price of these tokens. What no call can cost or use is cut: the books must be able to hold it,
    whatever a provider makes up, or the call would be one for nothing. A call that holds nothing any more, because
    nobody told its end in time, costs what it costs. Raises LookupError for a request id that is not in flight here:
    settled already, far too late, or admitted by another process.
    """
    call, held = ended(admission)
    offer, caller, now = call.offer, call.caller, timezone.now()
    prompt_tokens, completion_tokens = min(prompt_tokens, BIGGEST), min(completion_tokens, BIGGEST)
    if cost is None:
        cost = cost_of(prompt_tokens, completion_tokens, offer.input_price, offer.output_price)
    cost = min(cost, DEAREST)
    if held:
        uncount(call, prompt_tokens + completion_tokens)
    event = Event(
        call.request_id,
        caller.parties,
        offer.deployment.called,
        started or datetime.fromtimestamp(call.at, UTC),
        now,
        cost,
        prompt_tokens,
        completion_tokens,
        status,
        call.route[:LONGEST_ROUTE],
        offer.deployment.id,
        customer or "",
        (*caller.tags, *tags),
        offer.purses,
        offer.deployment.team_id is not None,
        offer.deployment.name,
    )
    recorder.record(event, [(purse, call.cost if held else 0) for purse in offer.purses])
    return cost


def release(admission: Admission | str) -> None:
    """A call that never happened: give back all that it reserved. What is not in flight any more is left alone."""
    try:
        call, held = ended(admission)
    except LookupError:
        return
    if held:
        give_back(call)


def give_back(call: Admission) -> None:
    """All that the call reserved is free again."""
    uncount(call, 0)
    for purse in call.offer.purses:
        purse.release(call.cost)


def ended(admission: Admission | str) -> tuple[Admission, bool]:
    """The call, which is neither in flight nor overdue from now on, and whether it held anything until now.

    Raises LookupError.
    """
    request_id = admission if isinstance(admission, str) else admission.request_id
    with guard:
        for calls in (flying, overdue):
            call = calls.get(request_id)
            if call is not None and (isinstance(admission, str) or call is admission):
                del calls[request_id]
                held = calls is flying
                call.caller.open.calls -= held
                return call, held
    raise LookupError(f"No call {request_id} in flight.")


def uncount(call: Admission, tokens: int) -> None:
    """The call runs no more, and used so many tokens."""
    window, more = int(call.at // WINDOW), tokens - call.tokens
    with guard:
        for meter in call.offer.meters:
            meter.parallel += 1
            meter.correct(more, window)


def expire(now: float) -> int:
    """Give back what calls reserved that nobody settled in time; gives how many there were."""
    late: list[Admission] = []
    shortest = min(LASTS, settings.FORWARD_AUTH_SECONDS)
    with guard:
        for call in flying.values():
            if call.at + shortest > now:
                break  # the oldest come first
            if call.at + call.lasts <= now:
                late.append(call)
        for call in late:
            del flying[call.request_id]
            call.caller.open.calls -= 1
            overdue[call.request_id] = call
        for request_id in [*overdue][: max(len(overdue) - MOST_OVERDUE, 0)]:
            del overdue[request_id]
    for call in late:
        give_back(call)
    return len(late)
