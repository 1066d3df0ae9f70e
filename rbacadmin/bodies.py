"""What requests carry, read before they take a thread: slow senders hold up nobody who has sent all.

granian gives a body only to who began to read it before its own thread goes on to the next request. So a reader begins
at once, and that thread waits until it has; nearly always everything is there already.
"""

import threading
from collections.abc import Callable
from functools import partial
from io import BytesIO
from operator import call

from rbacadmin.pool import Answer, Environ, Pool, Wire

MOST = 16 * 1024 * 1024  # bytes; the API takes a sixteenth of it, the import of people the rest
READERS = 256  # bodies that may come in at the same time
BEGUN = 5.0  # seconds in which a reader begins: it has nothing else to do
GRACE = 0.005  # seconds after which it is far enough; it needs microseconds

TOO_LARGE: Answer = (413, [("content-length", "0"), ("connection", "close")], b"")
CUT: Answer = (503, [("content-length", "0"), ("connection", "close"), ("retry-after", "1")], b"")
BUSY: Answer = (503, [("content-length", "0"), ("retry-after", "1")], b"")


class Bodies:
    """Readers, and what is to be done with a request whose body has come."""

    def __init__(self, then: Callable[[Wire, Environ], None]) -> None:
        self.then = then
        self.readers = Pool("body", READERS)

    def take(self, wire: Wire, environ: Environ) -> None:
        """Have the body read, and the request answered. Takes as long as a body that is there, and hardly ever more."""
        told = environ.get("CONTENT_LENGTH", "")
        if told and (not told.isdecimal() or int(told) > MOST):
            wire.response_bytes(*TOO_LARGE)
            return
        length = int(told) if told else None
        begun, done = locked(), locked()

        def read(wire: Wire, environ: Environ) -> None:
            try:
                refusal = filled(environ, length, begun.release)
            finally:
                done.release()
            if refusal is not None:
                wire.response_bytes(*refusal)
            else:
                self.then(wire, environ)

        if not self.readers.run_now(read, wire, environ):
            wire.response_bytes(*BUSY)
        elif begun.acquire(timeout=BEGUN):
            done.acquire(timeout=GRACE)


def filled(environ: Environ, length: int | None, begin: Callable[[], None]) -> Answer | None:
    """Put the body into memory, after saying that this begins; None when all of it came.

    One call of `read`: a second one would be given nothing. And nothing between it and `begin`: `map` goes from one to
    the other without letting another thread run Python, so that whoever hears of the beginning finds it made.
    """
    read = partial(environ["wsgi.input"].read, MOST + 1 if length is None else length)
    _, body = map(call, (begin, read))
    if len(body) > MOST:
        return TOO_LARGE
    if length is not None and len(body) < length:
        return CUT  # whoever sent it went away
    environ["wsgi.input"] = BytesIO(body)
    return None


def locked() -> threading.Lock:
    """A lock that waits to be released."""
    lock = threading.Lock()
    lock.acquire()
    return lock
