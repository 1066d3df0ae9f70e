"""Threads for requests, and what granian hands out with each of them."""

import threading
from collections.abc import Callable, Iterable
from queue import SimpleQueue
from typing import Any, Protocol

import structlog

Environ = dict[str, Any]
Answer = tuple[int, list[tuple[str, str]], bytes]  # status, headers and body: what goes over the wire
FAILED: Answer = (500, [("content-length", "0")], b"")

logger = structlog.stdlib.get_logger(__name__)


class Wire(Protocol):
    """What granian hands out with a request, to answer it with. The first answer counts; from any thread."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes, /) -> None:
        """Answer, all at once."""

    def response_iter(self, status: int, headers: list[tuple[str, str]], body: Iterable[bytes], /) -> None:
        """Answer part by part, as fast as it is read; comes back with the last one."""


Request = Callable[[Wire, Environ], object]


class Pool:
    """Threads for requests. One begins when a request comes and all are busy, until there are `most`."""

    def __init__(self, name: str, most: int) -> None:
        self.name, self.most = name, most
        self.waiting: SimpleQueue[tuple[Request, Wire, Environ]] = SimpleQueue()
        self.guard = threading.Lock()
        self.started = self.free = 0

    def run(self, work: Request, wire: Wire, environ: Environ) -> None:
        """Have it done, by the next thread that is free. Waits for nothing."""
        with self.guard:
            if self.free:
                self.free -= 1
            elif self.started < self.most:
                self.started += 1
                # a daemon: a stream that does not end must not hold up a process that does
                threading.Thread(target=self.work, name=f"{self.name}-{self.started}", daemon=True).start()
        self.waiting.put((work, wire, environ))

    def work(self) -> None:
        """In a thread: one request after the other."""
        while True:
            work, wire, environ = self.waiting.get()
            try:
                work(wire, environ)
            except BaseException:
                logger.exception("a request failed")
                wire.response_bytes(*FAILED)  # nothing, when it was answered already
            del work, wire, environ  # or the last request would be kept until the next one comes
            with self.guard:
                self.free += 1
