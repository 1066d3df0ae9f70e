"""Server-sent events, as far as OpenAI's streams use them."""

import json
import re
from collections.abc import Iterator
from typing import Any

from gateway.upstream.errors import UpstreamFailure

END = re.compile(rb"\r\n\r\n|\n\n|\r\r")
DONE = b"[DONE]"
LARGEST_EVENT = 4 * 1_048_576


class Events:
    """Cuts bytes, however they come in, into events."""

    def __init__(self) -> None:
        self.rest = b""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The events that this chunk completes, without their empty line. Raises UpstreamFailure when one is huge."""
        self.rest += chunk
        while found := END.search(self.rest):
            event, self.rest = self.rest[: found.start()], self.rest[found.end() :]
            if event.strip():
                yield event
        if len(self.rest) > LARGEST_EVENT:
            raise UpstreamFailure(502, "The provider sent an event that is too large.")


def content_of(event: bytes) -> bytes:
    """What the `data` lines of an event say."""
    lines = [line[5:].removeprefix(b" ") for line in event.splitlines() if line.startswith(b"data:")]
    return b"\n".join(lines)


def parsed(content: bytes) -> dict[str, Any] | None:
    """The JSON object in an event; None for anything else."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def written(value: Any) -> bytes:
    """An event with this value."""
    return b"data: " + json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n\n"


LAST = b"data: " + DONE + b"\n\n"
