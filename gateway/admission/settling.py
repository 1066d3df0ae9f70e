"""After a call: what it took is corrected to what it used."""

from collections.abc import Sequence
from datetime import datetime

from gateway.admission.decide import LASTS, PER, Admission, flying
from gateway.admission.meters import WINDOW
from gateway.ledger.purse import guard


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

    `cost` None: the price of these tokens. Raises LookupError for a request id that is not in flight here: settled
    already, too late, or admitted by another process.
    """
    call = ended(admission)
    deployment = call.deployment
    if cost is None:
        cost = -(-(prompt_tokens * deployment.input_price + completion_tokens * deployment.output_price) // PER)
    close(call, prompt_tokens + completion_tokens, cost)
    return cost


def release(admission: Admission | str) -> None:
    """A call that never happened: give back all that it reserved. What is not in flight any more is left alone."""
    try:
        call = ended(admission)
    except LookupError:
        return
    close(call, 0, 0)


def ended(admission: Admission | str) -> Admission:
    """The call, which is not in flight from now on. Raises LookupError."""
    request_id = admission if isinstance(admission, str) else admission.request_id
    with guard:
        call = flying.get(request_id)
        if call is None or (isinstance(admission, Admission) and call is not admission):
            raise LookupError(f"No call {request_id} in flight.")
        del flying[request_id]
        return call


def close(call: Admission, tokens: int, cost: int) -> None:
    """Give back what was reserved beyond these tokens and this cost, or take what is missing."""
    offer, window, more = call.offer, int(call.at // WINDOW), tokens - call.tokens
    with guard:
        for meter in offer.meters:
            meter.parallel += 1
            meter.correct(more, window)
    for purse in offer.purses:
        purse.settle(call.cost, cost)


def expire(now: float) -> int:
    """Give back what calls reserved that nobody settled in time; gives how many there were."""
    late = []
    with guard:
        for request_id, call in flying.items():
            if call.at + LASTS > now:
                break  # the oldest come first
            late.append(request_id)
    for request_id in late:
        release(request_id)
    return len(late)
