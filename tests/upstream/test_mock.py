"""The provider without a network: the same request gets the same answer, and its count is exact."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from gateway.upstream import complete, stream, target_of
from gateway.upstream.mock import MOST_TOKENS
from tests.upstream.conftest import deployment
from tests.upstream.test_forwarding import ASKED, CHAT

pytestmark = pytest.mark.sqlite


def mock(**params: Any) -> Any:
    return target_of(deployment(**{"model": "mock/echo", **params}), "smart")


def said(events: Iterator[bytes]) -> tuple[str, Any]:
    """The text of a stream, and its last usage."""
    found = [json.loads(event[6:]) for event in events if event.startswith(b"data: {")]
    text = "".join(one["choices"][0]["delta"].get("content", "") for one in found if one["choices"])
    return text, found[-1]["usage"]


def test_it_says_the_same_at_once_and_in_a_stream() -> None:
    answer = complete(mock(), CHAT, ASKED)
    assert answer["choices"][0]["message"]["content"] == "You said: Hi"
    assert said(stream(mock(), CHAT, ASKED)) == ("You said: Hi", answer["usage"])
    assert answer["usage"]["completion_tokens"] == 3
    assert answer == complete(mock(), CHAT, ASKED)


@pytest.mark.parametrize("where", ["model", "call"])
def test_it_says_what_it_is_told(where: str) -> None:
    params, body = ({"mock_response": "As told."}, {}) if where == "model" else ({}, {"mock_response": "As told."})
    assert complete(mock(**params), CHAT, {**ASKED, **body})["choices"][0]["message"]["content"] == "As told."


def test_what_a_call_lets_it_say_is_bounded() -> None:
    """Anybody who may call a model may say this: it must cost us no more than a call does."""
    body = {**ASKED, "mock_response": "word " * 400_000, "n": 128}
    began = time.process_time()
    answer = complete(mock(), CHAT, body)
    assert answer["usage"]["completion_tokens"] <= MOST_TOKENS
    assert sum(len(choice["message"]["content"]) for choice in answer["choices"]) <= 1_000_000
    long = {"messages": [{"role": "user", "content": "x" * 4_000_000}], "mock_response": "word " * 2_000}
    list(stream(mock(), CHAT, long))
    assert time.process_time() - began < 3


def test_it_stops_at_the_limit_of_tokens() -> None:
    answer = complete(mock(model="mock/lorem"), CHAT, {**ASKED, "max_tokens": 5, "n": 2})
    assert [choice["finish_reason"] for choice in answer["choices"]] == ["length", "length"]
    assert answer["usage"]["completion_tokens"] == 10


def test_it_talks_at_its_pace() -> None:
    began = time.monotonic()
    list(stream(mock(mock_pace=50, mock_length=10), CHAT, ASKED))
    assert 0.2 <= time.monotonic() - began < 2


def test_while_it_is_slow_it_shows_signs_of_life() -> None:
    assert next(stream(mock(mock_delay=30), CHAT, ASKED)) == b""


def test_its_vectors_depend_on_the_text_alone() -> None:
    rows = complete(mock(), "/embeddings", {"model": "smart", "input": ["a", "b", "a"]})["data"]
    assert rows[0]["embedding"] == rows[2]["embedding"] != rows[1]["embedding"]
    assert sum(number**2 for number in rows[0]["embedding"]) == pytest.approx(1)
