"""Who answers what: granian's own thread what memory knows, and a thread of ours everything that may wait.

granian keeps a thread for every request, until the last byte of its answer. Many such threads make decisions slow: they
wait for each other more than they work. With one thread, an open stream would hold up everybody. So granian has one,
which decides (api.gateway.boundary) and passes on what it cannot answer at once; its other requests never know.

granian has no place for that, so `take_over` wraps the function that its worker calls for each request; pyproject.toml
says which versions have it where we look. See docs/decisions/0010-one-thread-decides.md.
"""

import sys
from collections.abc import Callable
from typing import Any

from rbacadmin.bodies import Bodies
from rbacadmin.pool import Answer, Environ, Pool, Request, Wire

SERVERS, WRAPS = ("granian.server.mp", "granian.server.mt"), "_wsgi_call_wrap"
AtOnce = Callable[[Environ], Answer | None]


def take_over(at_once: AtOnce, threads: int) -> None:
    """In a worker of granian: let its thread answer what `at_once` can, and so many of ours everything else.

    Does nothing in any other process. Raises RuntimeError when this granian is not one that we know.
    """
    for name in SERVERS:
        if (server := sys.modules.get(name)) is None:
            continue
        if not hasattr(server, WRAPS):
            raise RuntimeError("This granian is not known to rbacadmin: install the one of requirements/base.txt.")
        setattr(server, WRAPS, wrapping(getattr(server, WRAPS), at_once, threads))


def wrapping(wrapped: Callable[..., Request], at_once: AtOnce, threads: int) -> Callable[..., Request]:
    """What makes a function that granian calls for each request, of an application."""

    def wrap(application: Any, *options: Any) -> Request:
        others = wrapped(application, *options)
        pool = Pool("request", threads)
        bodies = Bodies(lambda wire, environ: pool.run(others, wire, environ))

        def receive(wire: Wire, environ: Environ) -> None:
            if (found := at_once(environ)) is not None:
                wire.response_bytes(*found)
            elif environ.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in environ:
                bodies.take(wire, environ)
            else:
                pool.run(others, wire, environ)

        return receive

    return wrap
