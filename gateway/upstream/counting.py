"""How many tokens a call takes: as the provider says, else by one documented rule.

The rule: a token for every four bytes of UTF-8 text, rounded up for each text, and four more for each message. It is
near what common tokenizers find in English prose. What a call may take before it is made is counted higher: a token
for every two bytes, so that the reservation holds for code and for scripts with short words too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.prices import BYTES_OF_A_TOKEN, TOKENS_OF_A_MESSAGE, texts

BYTES_AT_LEAST = 2
TOKENS_OF_A_PART = 1_500  # a picture or a sound; providers count from some dozens to a few thousand
MOST_TOKENS = 2**31
PARTS = frozenset({"image_url", "input_image", "input_audio", "file", "video_url"})
SPOKEN = ("content", "reasoning_content", "reasoning", "refusal", "arguments", "name", "text")


@dataclass(frozen=True)
class Usage:
    """Tokens of one call. `reported`: the provider said so; else they were estimated."""

    prompt: int = 0
    completion: int = 0
    reported: bool = False


def usage_in(answer: Mapping[str, Any]) -> Usage | None:
    """What an answer or an event reports, or None. Nonsense reports nothing."""
    found = answer.get("usage")
    if not isinstance(found, Mapping):
        return None
    prompt = found.get("prompt_tokens", 0)
    completion = found.get("completion_tokens", 0)
    if not is_count(prompt) or not is_count(completion) or "prompt_tokens" not in found:
        return None
    return Usage(prompt, completion, reported=True)


def is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MOST_TOKENS


def size(value: Any) -> int:
    """Bytes of all texts within."""
    return sum(len(text.encode("utf-8", "surrogatepass")) for text in texts(value))


def tokens_of(value: Any, each: int = BYTES_OF_A_TOKEN) -> int:
    """Tokens of a prompt: a text, token numbers, messages with their parts, or a list of those."""
    if isinstance(value, int):
        return 1
    if isinstance(value, Mapping):
        if value.get("type") in PARTS:
            return TOKENS_OF_A_PART
        return sum(tokens_of(item, each) for item in value.values() if not isinstance(item, int))
    if isinstance(value, list):
        return sum(tokens_of(item, each) for item in value)
    return -(-size(value) // each) if isinstance(value, str) else 0


def prompt_tokens(body: Mapping[str, Any], each: int = BYTES_OF_A_TOKEN) -> int:
    """Tokens of what a body asks: messages, prompt or input, and the tools and formats that go along."""
    messages = body.get("messages")
    count = sum(tokens_of(body.get(name), each) for name in ("messages", "prompt", "input", "suffix"))
    count += sum(tokens_of(body.get(name), each) for name in ("tools", "functions", "response_format"))
    return count + TOKENS_OF_A_MESSAGE * (len(messages) if isinstance(messages, list) else 0)


def most_prompt_tokens(body: Mapping[str, Any]) -> int:
    """What to reserve for the prompt."""
    return prompt_tokens(body, BYTES_AT_LEAST)


def spoken(answer: Mapping[str, Any]) -> dict[int, int]:
    """Bytes of text in each choice of an answer or an event."""
    choices = answer.get("choices")
    found: dict[int, int] = {}
    for choice in choices if isinstance(choices, list) else ():
        if isinstance(choice, Mapping):
            index = choice.get("index")
            said = sum(size(list(said_in(choice.get(name)))) for name in ("delta", "message")) + size(
                choice.get("text") if isinstance(choice.get("text"), str) else ""
            )
            key = index if isinstance(index, int) else 0
            found[key] = found.get(key, 0) + said
    return found


def said_in(value: Any) -> Iterable[str]:
    """The texts that a model produced, without the names of fields and roles."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            if name in SPOKEN and isinstance(item, str):
                yield item
            elif isinstance(item, Mapping | list):
                yield from said_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from said_in(item)


def estimated(body: Mapping[str, Any], said: Mapping[int, int]) -> Usage:
    """The usage of a call whose provider reported none."""
    return Usage(prompt_tokens(body), sum(-(-count // BYTES_OF_A_TOKEN) for count in said.values()))
