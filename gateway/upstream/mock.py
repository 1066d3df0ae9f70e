"""A provider without a network: the same request always gets the same answer. For demos, tests and rehearsals.

`mock/echo` repeats the question and `mock/lorem` talks; `mock_response` in a model's parameters (or, as with LiteLLM,
in a call) is what it says. `mock_delay` are seconds before the first token, `mock_pace` tokens a second (none: as
fast as they are read), `mock_length` tokens of an answer.
"""

import base64
import hashlib
import re
import struct
import time
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from gateway.upstream import sse
from gateway.upstream.counting import prompt_tokens
from gateway.upstream.errors import UpstreamFailure
from rbacadmin.stopping import stopping

TOKEN = re.compile(r"\s*\S+")
WORDS = (
    *("access", "answer", "bridge", "budget", "clear", "door", "early", "field", "garden", "harbour", "key", "lamp"),
    *("meadow", "north", "open", "paper", "quiet", "river", "signal", "table", "under", "valley", "window", "yellow"),
)
DIMENSIONS, MOST_DIMENSIONS = 16, 4096
MOST_TOKENS = 100_000  # of an answer, all choices together
MOST_CHARACTERS = 500_000
MOST_NUMBERS = 500_000  # of all vectors of an answer
BEAT = 1.0  # seconds; nobody waits longer for a sign of life
EPOCH = 1_700_000_000


class Mock:
    """One call of it. `params` are the model's, `model` is the name in the answer."""

    def __init__(self, model: str, params: Mapping[str, Any], body: Mapping[str, Any]) -> None:
        self.model, self.params, self.body = model, params, body
        seed = hashlib.sha256(repr((model, body.get("messages"), body.get("prompt"), body.get("input"))).encode())
        self.seed = seed.hexdigest()
        self.asked_for = prompt_tokens(body)

    def answer(self, route: str) -> dict[str, Any]:
        """The whole answer at once, after the delay and as long as its tokens take."""
        if route == "/embeddings":
            self.wait(self.number("mock_delay"))
            return self.embeddings()
        choices = [self.choice(route, index) for index in range(self.count())]
        tokens = sum(len(said) for said, _ in choices)
        self.wait(self.number("mock_delay") + self.pause() * tokens)
        chat = route == "/chat/completions"
        return {
            **self.head("chat.completion" if chat else "text_completion"),
            "choices": [
                {"index": index, **whole(chat, "".join(said)), "logprobs": None, "finish_reason": reason}
                for index, (said, reason) in enumerate(choices)
            ],
            "usage": self.usage(tokens),
        }

    def stream(self, route: str) -> Iterator[bytes]:
        """The answer token by token; empty bytes while there is nothing to say. Usage so far comes with each token."""
        chat = route == "/chat/completions"
        head = self.head("chat.completion.chunk" if chat else "text_completion")
        yield from self.beats(self.number("mock_delay"))
        count = 0
        for index in range(self.count()):
            said, reason = self.choice(route, index)
            if chat:
                yield sse.written({**head, "choices": [part(chat, index, None, None)], "usage": self.usage(count)})
            for token in said:
                yield from self.beats(self.pause())
                count += 1
                yield sse.written({**head, "choices": [part(chat, index, token, None)], "usage": self.usage(count)})
            yield sse.written({**head, "choices": [part(chat, index, "", reason)], "usage": self.usage(count)})
        yield sse.written({**head, "choices": [], "usage": self.usage(count)})
        yield sse.LAST

    def head(self, kind: str) -> dict[str, Any]:
        prefix = "chatcmpl" if kind.startswith("chat") else "cmpl"
        return {"id": f"{prefix}-{self.seed[:24]}", "object": kind, "created": EPOCH, "model": self.model}

    def usage(self, completion: int) -> dict[str, int]:
        prompt = self.asked_for
        return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}

    def choice(self, route: str, index: int) -> tuple[list[str], str]:
        """The tokens of one choice, cut at `max_tokens`, and why it ends."""
        tokens = self.tokens(route, index)[: MOST_TOKENS // self.count()]
        most = next((n for name in LIMITS if isinstance(n := self.body.get(name), int)), MOST_TOKENS)
        return (tokens[:most], "length") if len(tokens) > most else (tokens, "stop")

    def tokens(self, route: str, index: int) -> list[str]:
        said = self.body.get("mock_response", self.params.get("mock_response"))
        if isinstance(said, str):
            return TOKEN.findall(said[: self.room()])
        length = int(self.number("mock_length"))
        if self.model.startswith("lorem") or length:
            chance = Random(f"{self.seed}{index}")  # noqa: S311  (the same each time, no secret)
            return [f"{' ' if n else ''}{chance.choice(WORDS)}" for n in range(min(length or 40, MOST_TOKENS))]
        return TOKEN.findall(f"You said: {asked(self.body, route)[: self.room()]}")

    def room(self) -> int:
        """How many characters each choice may have: whoever may call a model may have it say anything, many times."""
        return MOST_CHARACTERS // self.count()

    def count(self) -> int:
        n = self.body.get("n")
        return n if isinstance(n, int) and 0 < n <= 128 else 1

    def number(self, name: str) -> float:
        value = self.params.get(name, 0)
        return float(value) if isinstance(value, int | float) and value > 0 else 0.0

    def pause(self) -> float:
        """Seconds for a token."""
        pace = self.number("mock_pace")
        return 1 / pace if pace else 0.0

    def wait(self, seconds: float) -> None:
        for _ in self.beats(seconds):
            pass

    def beats(self, seconds: float) -> Iterator[bytes]:
        """Wait, with a sign of life every second; a server that stops ends it early."""
        over = time.monotonic() + seconds
        while (rest := over - time.monotonic()) > 0 and not stopping.wait(min(rest, BEAT)):
            if rest > BEAT:
                yield b""

    def embeddings(self) -> dict[str, Any]:
        """A vector for each input, of length one, which depends on its text alone."""
        given = self.body.get("input")
        single = not isinstance(given, list) or bool(given and isinstance(given[0], int))
        inputs = [given] if single or not isinstance(given, list) else given
        wanted = self.body.get("dimensions")
        size = min(wanted, MOST_DIMENSIONS) if isinstance(wanted, int) and wanted > 0 else DIMENSIONS
        if len(inputs) * size > MOST_NUMBERS:
            raise UpstreamFailure(400, "This is more than the built-in provider answers.", kind="invalid_request_error")
        coded = self.body.get("encoding_format") == "base64"
        rows = [
            {"object": "embedding", "index": index, "embedding": packed(row) if coded else row}
            for index, row in enumerate(vector(item, size) for item in inputs)
        ]
        prompt = self.asked_for
        usage = {"prompt_tokens": prompt, "total_tokens": prompt}
        return {"object": "list", "data": rows, "model": self.model, "usage": usage}


LIMITS = ("max_completion_tokens", "max_tokens")


def asked(body: Mapping[str, Any], route: str) -> str:
    """The last thing that the caller said."""
    if route != "/chat/completions":
        prompt = body.get("prompt")
        return prompt if isinstance(prompt, str) else " ".join(map(str, prompt if isinstance(prompt, list) else ()))
    messages = body.get("messages")
    last = messages[-1] if isinstance(messages, list) and messages else {}
    content = last.get("content") if isinstance(last, Mapping) else ""
    if isinstance(content, list):
        return " ".join(str(item.get("text", "")) for item in content if isinstance(item, Mapping))
    return content if isinstance(content, str) else ""


def whole(chat: bool, text: str) -> dict[str, Any]:
    return {"message": {"role": "assistant", "content": text, "refusal": None}} if chat else {"text": text}


def part(chat: bool, index: int, token: str | None, reason: str | None) -> dict[str, Any]:
    """A choice in one event of a stream: nothing said yet, a token, or the end."""
    if not chat:
        return {"index": index, "text": token or "", "logprobs": None, "finish_reason": reason}
    delta = {"role": "assistant", "content": ""} if token is None else {"content": token} if token else {}
    return {"index": index, "delta": delta, "logprobs": None, "finish_reason": reason}


def vector(value: Any, size: int) -> list[float]:
    chance = Random(hashlib.sha256(repr(value).encode()).digest())  # noqa: S311  (the same each time, no secret)
    row = [chance.uniform(-1, 1) for _ in range(size)]
    length = sum(number * number for number in row) ** 0.5 or 1.0
    return [number / length for number in row]


def packed(row: list[float]) -> str:
    """As OpenAI's clients ask for by default: little-endian floats in base64."""
    return base64.b64encode(struct.pack(f"<{len(row)}f", *row)).decode()
