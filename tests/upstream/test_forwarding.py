"""Calls that go on to a provider: what it gets, and what becomes of what it answers."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gateway.upstream import Target, UpstreamFailure, complete, network, stream
from gateway.upstream.client import LARGEST_ANSWER
from tests.support.provider import SECRET, Provider, answer, chunk

ASKED = {"model": "smart", "messages": [{"role": "user", "content": "Hi"}]}
CHAT = "/chat/completions"
pytestmark = pytest.mark.sqlite  # a provider is called, no database is
Aim = Callable[..., Target]


def refusal(target: Target, body: dict[str, Any] | None = None) -> UpstreamFailure:
    with pytest.raises(UpstreamFailure) as caught:
        complete(target, CHAT, body or ASKED)
    return caught.value


def test_a_provider_gets_its_own_name_of_the_model_and_its_credential(provider: Provider, target: Aim) -> None:
    assert complete(target(), CHAT, {**ASKED, "temperature": 0.5})["choices"][0]["message"]["content"] == "hello"
    assert provider.calls == [{**ASKED, "model": "up-1", "temperature": 0.5}]
    assert provider.headers[0]["authorization"] == f"Bearer {SECRET}"
    assert "cookie" not in provider.headers[0]


def test_what_a_model_sets_counts_where_the_caller_says_nothing(provider: Provider, target: Aim) -> None:
    complete(target(temperature=0.1, max_tokens=5), CHAT, {**ASKED, "max_completion_tokens": 9})
    assert provider.calls[0]["temperature"] == 0.1
    assert "max_tokens" not in provider.calls[0]


def test_connections_serve_again(provider: Provider, target: Aim) -> None:
    for _ in range(3):
        complete(target(), CHAT, ASKED)
    idle = [one for one in network.pool(False).connections if provider.base.split("/")[2] in repr(one)]
    assert len(idle) == 1


@pytest.mark.parametrize(
    ("status", "becomes", "kind"),
    [
        (400, 400, "invalid_request_error"),
        (422, 422, "invalid_request_error"),
        (401, 502, "upstream_error"),
        (403, 502, "upstream_error"),
        (404, 502, "upstream_error"),
        (429, 429, "rate_limit_error"),
        (500, 502, "upstream_error"),
        (503, 503, "upstream_error"),
        (302, 502, "upstream_error"),
    ],
)
def test_a_providers_refusal_says_nothing_of_its_secrets(
    provider: Provider, target: Aim, status: int, becomes: int, kind: str
) -> None:
    host = provider.base.split("/")[2]
    said = f"Wrong key {SECRET} at {provider.base} ({host}) for up-1, also sk-abcdefghijklmnop"
    headers = {"Location": "http://169.254.169.254/", "Retry-After": "7"}
    provider.does = {"status": status, "headers": headers, "body": {"error": {"message": said, "code": "too_long"}}}
    failure = refusal(target())
    assert (failure.status, failure.kind) == (becomes, kind)
    assert not [word for word in (SECRET, host, "up-1", "sk-abc") if word in failure.message]
    assert failure.retry_after == (7 if status in (429, 503) else None)
    assert failure.code == ("too_long" if becomes in (400, 422) else None)
    assert len(provider.calls) == 1  # neither followed nor tried again


@pytest.mark.parametrize(
    ("does", "status"),
    [
        ({"body": b"<html>no JSON</html>"}, 502),
        ({"body": b"[1, 2]"}, 502),
        ({"body": {"error": "200 and yet an error"}}, 502),
        ({"raw": b"this is no HTTP\r\n\r\n"}, 502),
        ({"raw": b""}, 502),
        ({"raw": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"}, 502),
        ({"headers": {f"x-{n}": "y" * 1000 for n in range(95)} | {"x-big": "z" * 60_000}}, 502),
    ],
)
def test_garbage_is_a_bad_gateway(provider: Provider, target: Aim, does: dict[str, Any], status: int) -> None:
    provider.does = does
    assert refusal(target()).status == status


def test_an_answer_that_is_too_large_is_not_read(provider: Provider, target: Aim) -> None:
    provider.does = {"body": b" " * (LARGEST_ANSWER + 1)}
    assert "too large" in refusal(target()).message


def test_a_slow_provider_is_left_alone_in_time(provider: Provider, target: Aim) -> None:
    provider.does = {"wait": 1}
    assert refusal(target(timeout=0.2)).status == 504


def test_a_provider_that_is_away_is_a_bad_gateway(target: Aim) -> None:
    failure = refusal(replace(target(), base="http://127.0.0.1:9/v1"))
    assert (failure.status, failure.message) == (502, "The provider cannot be reached.")


def test_a_stream_hands_events_on_as_they_come(provider: Provider, target: Aim) -> None:
    provider.does = {"events": [chunk("a"), b": still here\n\n", chunk("b")]}
    events = [event for event in stream(target(), CHAT, {**ASKED, "stream": True}) if event]
    assert [event.startswith(b"data: {") for event in events] == [True, False, True]
    assert provider.calls[0]["stream_options"] == {"include_usage": True}


def test_a_silent_stream_still_shows_signs_of_life(provider: Provider, target: Aim) -> None:
    provider.does = {"events": [chunk("a"), 1.5, chunk("b")]}
    assert b"" in list(stream(target(), CHAT, ASKED))


def test_whoever_closes_a_stream_ends_the_call(provider: Provider, target: Aim) -> None:
    provider.does = {"events": [chunk("a" * 50_000), *[0.02, chunk("b" * 50_000)] * 200]}
    events = stream(target(), CHAT, ASKED)
    next(events)
    events.close()  # type: ignore[attr-defined]
    assert provider.gone.wait(5)


def test_a_stream_that_is_no_stream_is_refused(provider: Provider, target: Aim) -> None:
    provider.does = {"body": answer("all at once")}
    with pytest.raises(UpstreamFailure, match="stream"):
        stream(target(), CHAT, ASKED)


def test_a_stream_that_breaks_off_says_so(provider: Provider, target: Aim) -> None:
    provider.does = {"events": [chunk("a")], "cut": True}
    events = stream(target(), CHAT, ASKED)
    with pytest.raises(UpstreamFailure, match="broke"):
        list(events)
