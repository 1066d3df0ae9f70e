"""Calls of models, refused: before anybody asks whether they may, and when there is no place left."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from api.openai import bodies, calling
from gateway import admission
from gateway.models import CatalogModel
from tests.factories import KeyFactory
from tests.world import World

pytestmark = pytest.mark.sqlite
ASK: dict[str, Any] = {"model": "echo", "messages": [{"role": "user", "content": "Hi"}]}
MOCKED = {"model": "mock/echo"}
AWAY = {"model": "openai/x", "api_base": "http://127.0.0.1:9"}
CHAT = "/v1/chat/completions"


@pytest.fixture
def key(cast: World) -> Iterator[str]:
    """A key of a member in their team, and a model that it may call. No caller of another test is remembered."""
    admission.forget()
    for scope in (cast.organization, cast.team):
        scope.models = None
        scope.save()
    CatalogModel.objects.create(name="echo", params={"model": "mock/echo"})
    made = KeyFactory(user=cast.member, team=cast.team, organization=cast.organization)
    yield made.secret
    admission.forget()


def error_of(answer: Any) -> dict[str, Any]:
    error: dict[str, Any] = answer.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert answer["Cache-Control"] == "no-store"
    return error


def test_who_may_call_is_answered(api: Any, key: str) -> None:
    answer = api("POST", CHAT, ASK, token=key)
    assert answer.json()["choices"][0]["message"]["content"] == "You said: Hi"
    assert (answer["x-litellm-model-group"], answer["x-litellm-response-cost"]) == ("echo", "0")


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({**ASK, "model": None}, "model"),
        ({**ASK, "model": "x" * 256}, "model"),
        ({**ASK, "model": "echo\r\nSet-Cookie: a=b"}, "model"),
        ({"model": "echo"}, "messages"),
        ({**ASK, "messages": []}, "messages"),
        ({**ASK, "messages": ["Hi"]}, "messages"),
        ({**ASK, "n": 0.5}, "n"),
        ({**ASK, "n": 129}, "n"),
        ({**ASK, "max_tokens": True}, "max_tokens"),
        ({**ASK, "stream": "yes"}, "stream"),
        ({**ASK, "stream_options": []}, "stream_options"),
        ({**ASK, "metadata": {"tags": "x"}}, "tags"),
        ({**ASK, "tags": ["x" * 256]}, "tags"),
        ({**ASK, "user": 7}, "user"),
    ],
)
def test_what_is_wrong_is_named(api: Any, key: str, body: dict[str, Any], param: str) -> None:
    answer = api("POST", CHAT, body, token=key)
    assert (answer.status_code, error_of(answer)["param"]) == (400, param)


@pytest.mark.parametrize("body", [b"{", b'{"model": "a", "model": "b"}', b"[1]", b'"\\ud800"', b"\xff"])
def test_what_is_no_object_of_json_is_refused(api: Any, key: str, body: bytes) -> None:
    answer = api("POST", CHAT, body, token=key)
    assert (answer.status_code, error_of(answer)["type"]) == (400, "invalid_request_error")


def test_a_body_that_is_too_large_is_not_read(api: Any, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.openai.bodies.LARGEST_BODY", 100)
    answer = api("POST", CHAT, {**ASK, "user": "x" * 100}, token=key)
    assert (answer.status_code, error_of(answer)["code"]) == (413, "413")


def test_no_key_is_401_before_the_body_is_looked_at() -> None:
    answer = Client().post(CHAT, b"{", content_type="application/json")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert "No api key passed in" in error_of(answer)["message"]


def test_a_session_is_no_key(cast: World, browser_of: Any) -> None:
    answer = browser_of("proxy_admin").post(CHAT, json.dumps(ASK), content_type="application/json")
    assert answer.status_code == 401


def test_calls_are_post(api: Any, key: str) -> None:
    answer = api("GET", CHAT, token=key)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_a_key_that_is_bound_to_nothing_calls_nothing(api: Any, key: str) -> None:
    assert api("POST", CHAT, ASK, as_="member").status_code == 403


def test_without_a_place_one_comes_back(api: Any, key: str) -> None:
    taken = [calling.places.acquire(blocking=False) for _ in range(calling.MOST_CALLS)]
    try:
        answer = api("POST", CHAT, {**ASK, "stream": True}, token=key)
    finally:
        calling.places.release(len(taken))
    assert all(taken)
    assert (answer.status_code, answer["Retry-After"]) == (503, "1")


def test_one_key_and_one_organization_have_their_share_of_the_places(cast: World, api: Any, key: str) -> None:
    body = {**ASK, "stream": True}
    others = [KeyFactory(user=cast.member, team=cast.team, organization=cast.organization).secret for _ in range(2)]
    running = [api("POST", CHAT, body, token=key) for _ in range(24)]
    assert {answer.status_code for answer in running} == {200}
    refused = api("POST", CHAT, body, token=key)
    assert (refused.status_code, refused["Retry-After"], refused["rate_limit_type"]) == (
        *(429, "1"),
        "max_parallel_requests",
    )
    assert error_of(refused)["type"] == "rate_limit_error"
    assert "Rate limit exceeded for key: sk-" in error_of(refused)["message"]
    running += [api("POST", CHAT, body, token=others[0]) for _ in range(12)]
    assert {answer.status_code for answer in running} == {200}
    assert (
        f"for organization: {cast.organization.public_id}"
        in error_of(api("POST", CHAT, body, token=others[1]))["message"]
    )
    assert calling.places.acquire(blocking=False), "and places are left for everybody else"
    calling.places.release()
    for answer in running:
        list(answer.streaming_content)
    assert not calling.shares.running
    assert api("POST", CHAT, ASK, token=key).status_code == 200


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("params", [MOCKED, AWAY])
def test_every_call_frees_its_place_and_its_reservation(
    api: Any, key: str, stream: bool, params: dict[str, str]
) -> None:
    CatalogModel.objects.filter(name="echo").update(params=params)
    before = calling.places._value  # type: ignore[attr-defined]
    answer = api("POST", CHAT, {**ASK, "stream": stream}, token=key)
    if params is MOCKED and stream:
        assert list(answer.streaming_content)[-1] == b"data: [DONE]\n\n"
    else:
        assert answer.status_code == (200 if params is MOCKED else 502)
    assert calling.places._value == before  # type: ignore[attr-defined]
    assert not calling.shares.running
    assert not admission.decide.flying


def test_what_is_for_the_gateway_does_not_reach_a_provider() -> None:
    from api.openai.bodies import forwarded

    ours = {"tags": ["a"], "metadata": {"tags": ["b"]}, "api_base": "http://10.0.0.1", "api_key": "x", "fallbacks": []}
    assert forwarded({**ASK, **ours}, streams=False) == ASK
    assert forwarded({**ASK, "store": True, "metadata": {"a": "b"}}, streams=False)["metadata"] == {"a": "b"}


def test_bugs_say_nothing_and_are_logged(api: Any, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(*_: Any, **__: Any) -> None:
        raise RuntimeError("the-inside")

    monkeypatch.setattr("gateway.upstream.mock.Mock.answer", fall)
    client = Client(raise_request_exception=False)
    answer = client.post(CHAT, json.dumps(ASK), content_type="application/json", headers={"x-api-key": key})
    assert (answer.status_code, error_of(answer)["type"]) == (500, "internal_server_error")
    assert "the-inside" not in answer.content.decode()
    assert not admission.decide.flying


@pytest.mark.parametrize(
    ("limits", "reserved"),
    [
        ({"max_completion_tokens": 1, "max_tokens": 900}, 900),
        ({"max_completion_tokens": 900, "max_tokens": 1}, 900),
        ({"max_tokens": 0}, settings.ESTIMATED_COMPLETION_TOKENS),
        ({"max_tokens": 10, "n": 3}, 30),
    ],
)
def test_the_largest_limit_that_a_provider_could_read_is_reserved(limits: dict[str, int], reserved: int) -> None:
    assert bodies.completion({**ASK, **limits}, "/chat/completions") == reserved


def test_nothing_that_names_another_model_reaches_the_provider() -> None:
    others = {"models": ["dear"], "fallbacks": ["dear"], "extra_body": {"model": "dear"}, "Model": "dear"}
    assert bodies.forwarded({**ASK, **others}, False) == ASK


def test_a_model_with_spaces_around_it_is_no_other_model(api: Any, key: str) -> None:
    CatalogModel.objects.create(name="*", params=MOCKED)
    assert api("POST", CHAT, {**ASK, "model": "echo "}, token=key).status_code == 400


def test_a_body_that_grows_when_it_is_read_is_refused(cast: World, key: str) -> None:
    content = b'{"model": "echo", "messages": [' + b"{}," * 400_000 + b"{}]}"
    headers = {"Authorization": f"Bearer {key}"}
    assert Client().post(CHAT, content, "application/json", headers=headers).status_code == 413
