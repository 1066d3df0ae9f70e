"""What a call holds until its end is told: as much as it may cost, and not for longer than it may take."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from gateway import admission
from gateway.admission import sweeping
from gateway.admission.decide import flying, overdue
from gateway.admission.settling import give_back
from gateway.ledger.ingesting import ingest
from gateway.ledger.recording import Recorder, recorder
from gateway.ledger.usage import Event
from gateway.models import CatalogModel, Spend, Usage
from keys.models import Key
from rbacadmin.policy import Actor
from tests.factories import KeyFactory
from tests.gateway.doors.conftest import at_boundary
from tests.world import World

Ask = Callable[..., Any]
CHAT = "/v1/chat/completions"
BODY = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}


def secret(cast: World) -> str:
    found: str = cast.here.keys["member_team"].secret  # type: ignore[attr-defined]
    return found


def through_proxy(cast: World, **body: Any) -> Any:
    content = json.dumps({**BODY, **body}).encode()
    return at_boundary("POST", f"/gateway/ext-authz{CHAT}", content, authorization=f"Bearer {secret(cast)}")


@pytest.mark.parametrize(
    ("params", "info", "longest"),
    [
        ({}, {"max_output_tokens": 16_000, "max_tokens": 7}, 16_000),
        ({}, {"max_tokens": 4_000}, 4_000),
        ({"max_tokens": 300}, {"max_output_tokens": 16_000}, 300),
        ({}, {"max_output_tokens": "many"}, None),
        ({}, {"max_output_tokens": True, "max_tokens": -1}, None),
        ({"max_tokens": 10**9}, {}, None),
    ],
)
def test_the_catalog_says_how_long_an_answer_can_be(
    cast: World, priced: CatalogModel, params: dict[str, Any], info: dict[str, Any], longest: int | None
) -> None:
    priced.params, priced.info = params, info
    priced.save()
    caller = admission.authenticate(secret(cast))
    assert admission.longest_answer(caller, "gpt-4o", CHAT, 1.0) == longest
    assert admission.longest_answer(caller, "no such model", CHAT, 1.0) is None


def test_without_a_maximum_money_is_reserved_for_the_longest_answer(cast: World, priced: CatalogModel) -> None:
    priced.info = {"max_output_tokens": 16_000}
    priced.save()
    cast.team.tpm_limit = 20_000
    cast.team.save()
    for body, written, counted in (({"n": 2}, 32_000, 2_000), ({"n": 2, "max_tokens": 50}, 100, 100)):
        call = flying[through_proxy(cast, **body).headers["x-request-id"]]
        assert call.completion_tokens == written
        assert call.tokens - call.prompt_tokens == counted, "a long answer that may come is no reason for 429"
        admission.settle(call, prompt_tokens=1, completion_tokens=5)
    meter = next(meter for meter in call.offer.meters if meter.tpm == 20_000)
    assert meter.tokens == 20_000 - 12


def test_so_does_openais_door(api: Ask, cast: World, priced: CatalogModel) -> None:
    priced.params, priced.info = {"model": "mock/echo"}, {"max_output_tokens": 20_000}
    priced.save()
    cast.team.max_budget = 10**7  # a cent: ten thousand tokens
    cast.team.save()
    told = api("POST", CHAT, BODY, token=secret(cast))
    assert (told.status_code, told.json()["error"]["type"]) == (422, "budget_exceeded")
    assert api("POST", CHAT, {**BODY, "max_tokens": 100}, token=secret(cast)).status_code == 200


def test_a_call_through_a_proxy_holds_its_money_for_two_minutes(cast: World, priced: CatalogModel) -> None:
    cast.team.max_budget = 10**9
    cast.team.save()
    call = flying[through_proxy(cast).headers["x-request-id"]]
    assert call.lasts == 120
    assert admission.expire(call.at + 119) == 0
    assert admission.expire(call.at + 120) == 1
    assert [purse.have for purse in call.offer.purses] == [purse.leased for purse in call.offer.purses]


def test_a_call_that_ends_after_its_time_still_counts_once(cast: World, priced: CatalogModel) -> None:
    cast.team.max_budget = 10**9
    cast.team.save()
    call = flying[through_proxy(cast).headers["x-request-id"]]
    admission.expire(call.at + 120)
    gateway = Actor.for_key(KeyFactory(kind=Key.Kind.GATEWAY))
    report = {"request_id": call.request_id, "model": "gpt-4o", "prompt_tokens": 10, "completion_tokens": 90}
    assert [one.status for one in ingest(gateway, [report, report])] == ["recorded", "duplicate"]
    assert Usage.objects.get(request_id=call.request_id).cost == 100_000
    assert Spend.objects.get(pk=cast.team.pk).current == 100_000
    for purse in call.offer.purses:
        assert purse.leased == purse.have, "the cost is off the lease, and nothing is reserved"
    assert not overdue


def test_calls_that_nobody_ends_do_not_hide_those_that_ended_elsewhere(
    cast: World, priced: CatalogModel, call: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "AT_ONCE", 2)
    lost, made = [call(secret(cast)) for _ in range(4)], call(secret(cast))
    elsewhere = Recorder()
    elsewhere.record(Event(made.request_id, made.caller.parties, "gpt-4o", *[timezone.now()] * 2, cost=5))
    elsewhere.flush()
    for one in flying.values():
        one.at = 1.0
    sweeping.Swept.place = 0
    for _ in range(3):
        sweeping.Swept.at = 0.0
        sweeping.sweep()
    assert set(flying) == {one.request_id for one in lost}
    for one in lost:
        give_back(one)
    flying.clear()
    recorder.flush()
