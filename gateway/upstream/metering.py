"""A stream on its way to the caller: what passes is counted, and settled once, however it ends."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from gateway.upstream import sse
from gateway.upstream.counting import Usage, estimated, spoken, usage_in
from gateway.upstream.errors import UpstreamFailure
from rbacadmin.stopping import stopping

LONGEST_CALL = 580.0  # seconds; what admission reserved for a call is given back after 600
LAST_WORD = 2.0  # seconds that a provider has for its count when the caller left with the whole answer
Status = Literal["success", "failure"]
Settle = Callable[[Usage, Status], object]


class Metered(Iterator[bytes]):
    """The events of a provider under the name that was called; `settle` hears once what they took.

    Who called and went away has what came so far, so that is settled: the usage that the provider last reported, or,
    where text came after it or it reported none, the estimate. `wants_usage`: the caller asked for the usage event.
    """

    def __init__(
        self, events: Iterator[bytes], *, name: str, body: Mapping[str, Any], wants_usage: bool, settle: Settle
    ) -> None:
        self.events = events
        self.name = name
        self.body = body
        self.wants_usage = wants_usage
        self.settle = settle
        self.said: dict[int, int] = {}
        self.usage: Usage | None = None
        self.whole = False  # the provider said that its answer ends here
        self.settled = False
        self.guard = threading.Lock()
        self.until = time.monotonic() + LONGEST_CALL

    def __next__(self) -> bytes:
        while not self.settled:
            try:
                event = next(self.events)
            except StopIteration:
                return self.ended()
            except UpstreamFailure as failure:
                return self.broken(failure)
            if stopping.is_set():
                return self.broken(UpstreamFailure(503, "The server stops; call again.", retry_after=1))
            if time.monotonic() > self.until:
                return self.broken(UpstreamFailure(504, "The call took too long."))
            if not event:
                return b""  # the sign of life: only by writing does one notice that nobody reads any more
            if shown := self.shown(event):
                return shown
        self.let_go()
        raise StopIteration

    def shown(self, event: bytes) -> bytes:
        """What the caller gets for an event; b"" for nothing."""
        content = sse.content_of(event)
        if content == sse.DONE:
            self.whole = True
            self.finish("success")
            return sse.LAST
        if not content:
            return event  # a comment, which keeps connections open
        found = sse.parsed(content)
        if found is None:
            return event
        if "error" in found and "choices" not in found:
            return self.broken(UpstreamFailure(502, "The provider failed while it answered."))
        self.count(found)
        if not self.wants_usage and found.pop("usage", None) is not None and found.get("choices") == []:
            return b""
        if "model" in found:
            found["model"] = self.name
        return sse.written(found)

    def count(self, found: Mapping[str, Any]) -> None:
        said = spoken(found)
        for index, size in said.items():
            self.said[index] = self.said.get(index, 0) + size
        if any(said.values()) and found.get("usage") is None:
            self.usage = None  # it is behind; the last one comes at the end
        self.usage = usage_in(found) or self.usage
        choices = found.get("choices")
        if isinstance(choices, list) and any(isinstance(one, Mapping) and one.get("finish_reason") for one in choices):
            self.whole = True

    def ended(self) -> bytes:
        """The provider closed the stream. Some never say `[DONE]`; callers always get it."""
        if self.whole:
            self.finish("success")
            return sse.LAST
        return self.broken(UpstreamFailure(502, "The provider broke its answer off."))

    def broken(self, failure: UpstreamFailure) -> bytes:
        """The last event that the caller gets: an error, as OpenAI's clients understand it in a stream."""
        self.finish("failure")
        error = {"message": failure.message, "type": failure.kind, "param": None, "code": str(failure.status)}
        return sse.written({"error": error})

    def finish(self, status: Status) -> None:
        """Settle, unless that was done."""
        with self.guard:
            first, self.settled = not self.settled, True
        if first:
            self.settle(self.usage or estimated(self.body, self.said), status)

    def let_go(self) -> None:
        """End the call at the provider. What has come to its end is read to it, and its connection serves again."""
        if self.whole:
            try:
                next(self.events, b"")
            except UpstreamFailure:
                self.whole = False  # all that was wanted of it has come
        if close := getattr(self.events, "close", None):
            close()

    def listen_out(self) -> None:
        """Hear the count of an answer whose end the caller has read: what was thought and not said costs, too."""
        until = time.monotonic() + LAST_WORD
        while self.whole and self.usage is None and not self.settled and time.monotonic() < until:
            try:
                if event := next(self.events, None):
                    self.shown(event)
                elif event is None:
                    return
            except UpstreamFailure:
                return

    def close(self) -> None:
        """The caller went away, or the server is done with the answer."""
        try:
            self.listen_out()
            self.finish("success")
        finally:
            if close := getattr(self.events, "close", None):
                close()

    def __del__(self) -> None:
        self.close()  # an answer that was made and never sent
