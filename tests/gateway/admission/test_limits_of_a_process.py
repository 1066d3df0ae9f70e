"""What one process may hold, and what a forked child must not inherit."""

import os
from collections.abc import Callable
from typing import Any

import pytest

from gateway import admission
from gateway.admission import customers, decide
from gateway.admission.decide import flying
from gateway.customers.services import block_customer, create_customer
from tests.world import World

pytestmark = pytest.mark.sqlite
Call = Callable[..., Any]


def test_a_forked_child_numbers_its_calls_anew_and_has_none_in_flight(cast: World, call: Call) -> None:
    """Else two calls had one id, of which one would count as known already: it would be free."""
    made = call(cast.keys["member_team"].secret)
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover
        try:
            os.write(theirs, f"{decide._process.id} {len(flying) + made.caller.open.calls}".encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    name, count = os.read(ours, 100).decode().split()
    assert name != decide._process.id
    assert count == "0"
    assert flying


def test_calls_that_nobody_ends_do_not_fill_the_memory(
    cast: World, call: Call, refusal: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decide, "MOST_FLYING", 2)
    made = [call(cast.keys["member_team"].secret) for _ in range(2)]
    told = refusal(cast.keys["member_team"].secret)
    assert (told.status, told.retry_after) == (503, 1)
    admission.release(made[0])
    call(cast.keys["member_team"].secret)


def test_a_customer_who_is_blocked_while_a_call_looks_them_up_is_not_remembered_as_free(
    cast: World, call: Call, refusal: Call, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    root = cast.actor("proxy_admin")
    shopper = create_customer(root, public_id="shopper-9")
    honest = customers.refused

    def meanwhile(*given: Any) -> Any:
        found = honest(*given)
        monkeypatch.setattr(customers, "refused", honest)
        with django_capture_on_commit_callbacks(execute=True):
            block_customer(root, shopper)
        return found

    monkeypatch.setattr(customers, "refused", meanwhile)
    call(cast.keys["member_team"].secret, customer="shopper-9")
    assert refusal(cast.keys["member_team"].secret, customer="shopper-9").status == 403
