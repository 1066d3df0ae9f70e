"""One call that was admitted: it holds a place, a reservation, and is settled exactly once."""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self

from django.utils import timezone

from api.openai.bodies import Call
from api.openai.refusing import Problem
from api.openai.shares import Shares
from gateway import admission, upstream
from gateway.upstream import Usage
from rbacadmin import money

MOST_CALLS = 48  # of the 64 threads for requests: who looks after the platform always gets one
places = threading.BoundedSemaphore(MOST_CALLS)
shares = Shares(MOST_CALLS)
PATIENCE = 3.0  # seconds that a process which ends waits for its calls: streams notice within one


def finish() -> None:
    """Let no more call begin, and wait for those that run: they are to be booked before the process ends."""
    until = time.monotonic() + PATIENCE
    for _ in range(MOST_CALLS):
        if not places.acquire(timeout=max(0, until - time.monotonic())):
            return


def customer_of(caller: admission.Caller, call: Call) -> str | None:
    """For whom the call is: a token that stands for a customer says so itself, and nobody else."""
    named = caller.metadata.get("customer") if caller.key_id is None else None  # a key's metadata is its owner's
    return named or call.customer


class Running:
    """A call between its admission and its settlement. Leaving its block with an error settles it as failed."""

    def __init__(self, admitted: admission.Admission, call: Call) -> None:
        self.admitted = admitted
        self.call = call
        self.started = timezone.now()
        self.settled = False

    @classmethod
    def begin(cls, caller: admission.Caller, call: Call, route: str) -> Self:
        """Take a place and a reservation.

        Raises Problem (503) when all places are taken, and Refused: also (429) when the key or its organization has
        its share of them.
        """
        shares.take(caller, time.time())
        if not places.acquire(blocking=False):
            shares.give(caller)
            raise Problem(
                503,
                f"{MOST_CALLS} calls are running already; try again.",
                kind="service_unavailable",
                headers=[("Retry-After", "1")],
            )
        try:
            customer, now = customer_of(caller, call), time.time()
            written = expected = call.completion_tokens
            if call.answers:
                written, expected = admission.left_open(
                    caller, call.model, route, now, customer, answers=call.answers, estimate=written
                )
            admitted = admission.admit(
                caller,
                model=call.model,
                route=route,
                prompt_tokens=call.prompt_tokens,
                completion_tokens=written,
                counted_tokens=call.prompt_tokens + expected,
                customer=customer,
                now=now,
            )
        except BaseException:
            places.release()
            shares.give(caller)
            raise
        return cls(admitted, call)

    @property
    def deployment(self) -> admission.Deployment:
        return self.admitted.deployment

    @property
    def headers(self) -> Iterable[tuple[str, str]]:
        """LiteLLM's headers of an answer, and the limits."""
        return (
            ("x-litellm-call-id", self.admitted.request_id),
            ("x-litellm-model-id", self.deployment.public_id),
            ("x-litellm-model-group", self.call.model),
            *self.admitted.headers,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _where: TracebackType | None
    ) -> None:
        if error is not None:
            self.settle(Usage(), "failure")

    def metered(self, events: Iterator[bytes]) -> Iterator[bytes]:
        """The events for the caller; their end settles the call."""
        return upstream.Metered(
            events,
            name=self.call.model,
            body=self.call.body,
            wants_usage=self.call.wants_usage,
            settle=self.settle,
        )

    def settle_answer(self, answer: Mapping[str, Any]) -> str:
        """Settle by what an answer reports; else by the estimate. Returns the cost in dollars."""
        usage = upstream.usage_in(answer) or upstream.estimated(self.call.body, upstream.spoken(answer))
        return f"{money.to_decimal(self.settle(usage, 'success')):f}"

    def settle(self, usage: Usage, status: upstream.Status) -> int:
        """Record what the call took, and free its place; once, and then it took nothing more. Nano-dollars."""
        if self.settled:
            return 0
        self.settled = True
        try:
            return admission.settle(
                self.admitted,
                prompt_tokens=usage.prompt,
                completion_tokens=usage.completion,
                status=status,
                tags=self.call.tags,
                customer=customer_of(self.admitted.caller, self.call),
                started=self.started,
            )
        finally:
            places.release()
            shares.give(self.admitted.caller)
