"""The ingest endpoint: calls that proxies forwarded are settled under the id that they were admitted with."""

from collections.abc import Callable
from typing import Any

import pytest

from gateway.admission.decide import flying
from gateway.models import CatalogModel, Spend, Usage
from keys.models import Key
from tests.factories import KeyFactory
from tests.gateway.doors.conftest import Told
from tests.world import World


@pytest.fixture
def report(cast: World, api: Callable[..., Any]) -> Callable[..., Any]:
    """`report({...}, {...})`: what a gateway's own credential is told of these events."""
    secret = KeyFactory(user=None, kind=Key.Kind.GATEWAY).secret
    CatalogModel.objects.filter(name="gpt-4o").update(input_price=10**9, output_price=2 * 10**9)

    def send(*events: Any) -> Any:
        answer = api("POST", "/gateway/usage", {"events": list(events)}, token=secret)
        assert answer.status_code == 200, answer.content
        return answer.json()

    return send


def test_a_call_that_a_proxy_forwarded_is_settled_by_its_id(
    cast: World, nginx: Callable[..., Told], report: Callable[..., Any]
) -> None:
    key = cast.keys["member_team"]
    ident = nginx(key.secret, x_model="gpt-4o").headers["x-request-id"]
    event = {"request_id": ident, "model": "gpt-4o", "prompt_tokens": 1000, "completion_tokens": 500}
    told = report(event)
    assert told["results"] == [{"request_id": ident, "status": "recorded", "cost": 0.002, "errors": None}]
    assert ident not in flying
    assert Usage.objects.get().key_id == key.pk
    assert Spend.objects.get(object_id=key.pk).lifetime == 2_000_000
    again = report(event)
    assert (again["recorded"], again["duplicates"]) == (0, 1)
    assert Spend.objects.get(object_id=key.pk).lifetime == 2_000_000


def test_each_event_is_judged_by_itself(cast: World, report: Callable[..., Any]) -> None:
    good = {"request_id": "mine-1", "key": cast.keys["member_team"].public_id, "model": "gpt-4o", "prompt_tokens": 10}
    told = report(good, {**good, "request_id": "mine-2", "prompt_tokens": -1}, "nonsense", good)
    assert [result["status"] for result in told["results"]] == ["recorded", "refused", "refused", "duplicate"]
    assert "prompt_tokens" in told["results"][1]["errors"]
    assert (told["recorded"], told["duplicates"], told["refused"]) == (1, 1, 2)


def test_the_credential_of_a_gateway_opens_nothing_else(cast: World, api: Callable[..., Any]) -> None:
    secret = KeyFactory(user=None, kind=Key.Kind.GATEWAY).secret
    body = {"key": cast.keys["member_team"].secret, "model": "gpt-4o"}
    assert api("POST", "/gateway/check", body, token=secret).status_code == 200
    assert api("POST", "/key/generate", {}, token=secret).status_code == 403
    assert api("GET", "/global/spend", token=secret).status_code == 403
    assert api("GET", "/team/list", token=secret).json() == []
    assert api("POST", "/v1/chat/completions", {"model": "gpt-4o", "messages": []}, token=secret).status_code in (
        400,
        403,
    )
