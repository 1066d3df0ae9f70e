"""No door takes a request id from the client: under one that is on record a call would count as known, and be free."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import RequestFactory

from api.openai.views import chat_completions
from gateway import admission
from gateway.ledger.models import Usage
from gateway.ledger.recording import recorder
from gateway.models import CatalogModel, Spend
from keys.models import Key
from tests.factories import KeyFactory
from tests.gateway.doors.conftest import Told, at_boundary
from tests.world import World

# What proxies and clients call it: as a header, and within a body.
CHOSEN = "chosen-by-the-client"
HEADERS = ("x-request-id", "x-litellm-call-id", "x-rbacadmin-request-id", "x-correlation-id", "idempotency-key")
FIELDS = {"request_id": CHOSEN, "id": CHOSEN, "litellm_call_id": CHOSEN, "metadata": {"request_id": CHOSEN}}


@pytest.fixture
def key(cast: World) -> Iterator[Key]:
    """A key that may call a model with a price."""
    admission.forget()
    CatalogModel.objects.filter(name="gpt-4o").update(
        input_price=10**9, output_price=10**9, params={"model": "mock/echo"}
    )
    yield cast.keys["member_team"]
    admission.forget()


@pytest.fixture
def gateway(cast: World, api: Callable[..., Any]) -> Callable[..., Any]:
    """`gateway(path, body)`: what a gateway's own credential is told."""
    secret = KeyFactory(user=None, kind=Key.Kind.GATEWAY).secret

    def ask(path: str, body: Any) -> Any:
        return api("POST", path, body, token=secret)

    return ask


def report(gateway: Callable[..., Any], ident: str, **more: Any) -> str:
    """The fate of one reported call."""
    event = {"request_id": ident, "model": "gpt-4o", "prompt_tokens": 1000, **more}
    return str(gateway("/gateway/usage", {"events": [event]}).json()["results"][0]["status"])


def paid_twice(key: Key) -> None:
    """Two calls are on record, under two ids of ours, and both are paid for."""
    recorder.flush()
    ids = list(Usage.objects.values_list("request_id", flat=True))
    assert len(set(ids)) == 2
    assert CHOSEN not in ids
    costs = list(Usage.objects.values_list("cost", flat=True))
    assert min(costs) > 0
    assert Spend.objects.get(object_id=key.pk).lifetime == sum(costs)


def test_calls_in_openais_protocol_are_paid_each(key: Key) -> None:
    body = json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], **FIELDS})
    headers = {"authorization": f"Bearer {key.secret}", **dict.fromkeys(HEADERS, CHOSEN)}
    for _ in range(2):
        request = RequestFactory().post("/v1/chat/completions", body, content_type="application/json", headers=headers)
        answer = chat_completions(request)
        assert answer.status_code == 200, answer.content
        assert answer.headers["x-litellm-call-id"] != CHOSEN
    paid_twice(key)


@pytest.mark.parametrize("path", ["auth-request", "forward-auth", "ext-authz/v1/completions"])
def test_calls_through_forward_auth_are_paid_each(key: Key, gateway: Callable[..., Any], path: str) -> None:
    chosen = {name.replace("-", "_"): CHOSEN for name in HEADERS}
    where = {"x_original_uri": "/v1/completions", "x_forwarded_uri": "/v1/completions", "x_model": "gpt-4o"}
    sent = {"authorization": f"Bearer {key.secret}", **where, **chosen}
    told: list[Told] = [at_boundary("GET", f"/gateway/{path}", **sent) for _ in range(2)]
    assert [one.status for one in told] == [200, 200]
    for one in told:
        assert report(gateway, one.headers["x-request-id"]) == "recorded"
    paid_twice(key)


def test_calls_that_a_gateway_begins_are_paid_each(key: Key, gateway: Callable[..., Any]) -> None:
    body = {"model": "gpt-4o", "key": key.secret, "reserve": True}
    for _ in range(2):
        told = gateway("/gateway/check", body).json()
        assert report(gateway, told["request_id"]) == "recorded"
    paid_twice(key)
    refused = gateway("/gateway/check", {**body, "request_id": CHOSEN})
    assert refused.status_code >= 400 or refused.json()["request_id"] != CHOSEN


def test_a_gateway_hears_that_an_id_is_known_and_clients_cannot_report(
    cast: World, key: Key, gateway: Callable[..., Any], api: Callable[..., Any]
) -> None:
    """The gateway chooses the ids of calls that it admits itself; a second use is answered, not hidden."""
    assert report(gateway, "its-own", key=key.public_id) == "recorded"
    assert report(gateway, "its-own", key=key.public_id) == "duplicate"
    event = {"request_id": "a-later-one", "model": "gpt-4o", "key": key.public_id}
    assert api("POST", "/gateway/usage", {"events": [event]}, token=key.secret).status_code == 403
    assert Usage.objects.count() == 1
