"""What a stream took: settled once, by what the provider reported or by the estimate, however it ends."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gateway.upstream import Metered, Target, Usage, most_prompt_tokens, stream
from gateway.upstream.counting import prompt_tokens
from rbacadmin.stopping import stopping
from tests.support.provider import Provider, chunk, last
from tests.upstream.test_forwarding import ASKED, CHAT

pytestmark = pytest.mark.sqlite
Aim = Callable[..., Target]
PROMPT = prompt_tokens(ASKED)


class Told(list[tuple[Usage, str]]):
    """What `settle` was told."""

    def __call__(self, usage: Usage, status: str) -> None:
        self.append((usage, status))


@pytest.fixture
def told() -> Told:
    return Told()


def metered(target: Target, told: Told, *, wants_usage: bool = False) -> Metered:
    events = stream(target, CHAT, ASKED)
    return Metered(events, name="smart", body=ASKED, wants_usage=wants_usage, settle=told)


def values(events: Iterator[bytes]) -> list[Any]:
    found = [event.removeprefix(b"data: ").strip() for event in events if event]
    return [one.decode() if one == b"[DONE]" else json.loads(one) for one in found]


DONE = b"data: [DONE]\n\n"


def test_the_providers_count_is_settled_and_its_event_kept_back(provider: Provider, target: Aim, told: Told) -> None:
    provider.does = {"events": [{**chunk("a"), "usage": None}, chunk(finish_reason="stop"), last(7, 3), DONE]}
    found = values(metered(target(), told))
    assert [event if event == "[DONE]" else event["model"] for event in found] == ["smart", "smart", "[DONE]"]
    assert "usage" not in found[0]
    assert told == [(Usage(7, 3, reported=True), "success")]


def test_whoever_asks_for_the_usage_event_gets_it(provider: Provider, target: Aim, told: Told) -> None:
    provider.does = {"events": [chunk("a"), last(7, 3), DONE]}
    assert values(metered(target(), told, wants_usage=True))[1]["usage"]["total_tokens"] == 10


def test_without_a_count_the_estimate_is_settled(provider: Provider, target: Aim, told: Told) -> None:
    provider.does = {"events": [chunk("12345678"), chunk("9"), chunk(finish_reason="stop"), DONE]}
    list(metered(target(), told))
    assert told == [(Usage(PROMPT, 3), "success")]


def test_whoever_leaves_has_what_came_so_far(provider: Provider, target: Aim, told: Told) -> None:
    provider.does = {"events": [chunk("1234"), chunk("5678"), 0.2, *[chunk("x"), 0.05] * 100, DONE]}
    events = metered(target(), told)
    next(events), next(events)
    events.close()
    events.close()
    assert told == [(Usage(PROMPT, 2), "success")]
    assert list(events) == []


def test_whoever_leaves_with_the_whole_answer_pays_what_the_provider_counted(
    provider: Provider, target: Aim, told: Told
) -> None:
    """Thinking costs, and is not seen: whoever leaves before it is told must not save it."""
    provider.does = {"events": [chunk("1234"), chunk(finish_reason="stop"), 0.2, last(7, 5000), DONE]}
    events = metered(target(), told)
    next(events), next(events)
    events.close()
    assert told == [(Usage(7, 5000, reported=True), "success")]


@pytest.mark.parametrize("cut", [True, False])
def test_an_answer_that_breaks_off_is_a_failure_with_what_came(
    provider: Provider, target: Aim, told: Told, cut: bool
) -> None:
    provider.does = {"events": [chunk("1234")], "cut": cut}
    found = values(metered(target(), told))
    assert found[-1]["error"]["code"] == "502"
    assert told == [(Usage(PROMPT, 1), "failure")]


def test_a_provider_that_never_says_done_is_whole_with_its_reason(provider: Provider, target: Aim, told: Told) -> None:
    provider.does = {"events": [chunk("1234"), chunk(finish_reason="stop")]}
    assert values(metered(target(), told))[-1] == "[DONE]"
    assert told == [(Usage(PROMPT, 1), "success")]


def test_an_error_within_a_stream_keeps_its_words_to_itself(provider: Provider, target: Aim, told: Told) -> None:
    provider.does = {"events": [chunk("1234"), {"error": {"message": "key the-secret of 10.0.0.1"}}, chunk("5")]}
    found = values(metered(target(), told))
    assert "the-secret" not in json.dumps(found)
    assert (len(found), told[0][1]) == (2, "failure")


def test_a_huge_event_ends_the_call(provider: Provider, target: Aim, told: Told) -> None:
    provider.does = {"events": [chunk("1234"), b"data: " + b"x" * 5_000_000]}
    assert values(metered(target(), told))[-1]["error"]["code"] == "502"


def test_a_count_that_text_came_after_is_not_the_last_word(provider: Provider, target: Aim, told: Told) -> None:
    provider.does = {"events": [{**chunk(""), "usage": last(9, 0)["usage"]}, chunk("12345678")], "cut": True}
    list(metered(target(), told))
    assert told[0][0] == Usage(PROMPT, 2)


def test_an_answer_that_nobody_reads_is_settled_all_the_same(provider: Provider, target: Aim, told: Told) -> None:
    provider.does = {"events": [chunk("1234"), DONE]}
    events = metered(target(), told)
    del events
    assert len(told) == 1


def test_a_server_that_stops_ends_its_streams(provider: Provider, target: Aim, told: Told) -> None:
    provider.does = {"events": [chunk("1234"), *[chunk("5"), 0.05] * 100]}
    events = metered(target(), told)
    next(events)
    stopping.set()
    try:
        assert values(events)[-1]["error"]["code"] == "503"
    finally:
        stopping.clear()
    assert told == [(Usage(PROMPT, 2), "failure")] or told == [(Usage(PROMPT, 1), "failure")]


def test_reservations_are_no_smaller_than_estimates() -> None:
    for text in ("Hi", "ein Satz mit Wörtern", "漢字" * 50, ""):
        body = {"messages": [{"role": "user", "content": text}], "tools": [{"type": "function", "name": text}]}
        assert most_prompt_tokens(body) >= prompt_tokens(body)
