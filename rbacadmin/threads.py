"""Who answers what: granian's threads what memory knows, and threads of ours everything that may wait.

granian keeps a thread for every request, until the last byte of its answer. With many such threads decisions are slow:
the threads wait for each other more than they work. With few, open streams would hold up everybody. So granian has few,
which decide (api.gateway.boundary), read what requests carry, and pass on what they cannot answer at once.

granian has no place for that, so `take_over` wraps the function that its worker calls for each request; pyproject.toml
says which versions have it where we look. See docs/decisions/0011-few-threads-decide.md.
"""

import sys
from collections.abc import Callable
from typing import Any

from rbacadmin.bodies import filled, is_expected
from rbacadmin.pool import Answer, Environ, Pool, Request, Wire

SERVERS, WRAPS = ("granian.server.mp", "granian.server.mt"), "_wsgi_call_wrap"
URGENT = 16  # threads: as many as the database gives connections
AtOnce = Callable[[Environ], Answer | None]


def take_over(at_once: AtOnce, urgent: Callable[[Environ], bool], threads: int) -> None:
    """In a worker of granian: let its threads answer what `at_once` can, and so many of ours everything else.

    What is `urgent` has a few threads that nothing else takes: a decision that needs the database waits for no stream.
    Does nothing in any other process. Raises RuntimeError when this granian is not one that we know.
    """
    for name in SERVERS:
        if (server := sys.modules.get(name)) is None:
            continue
        if not hasattr(server, WRAPS):
            raise RuntimeError("This granian is not known to rbacadmin: install the one of requirements/base.txt.")
        setattr(server, WRAPS, wrapping(getattr(server, WRAPS), at_once, urgent, threads))


def wrapping(
    wrapped: Callable[..., Request], at_once: AtOnce, urgent: Callable[[Environ], bool], threads: int
) -> Callable[..., Request]:
    """What makes a function that granian calls for each request, of an application."""

    def wrap(application: Any, *options: Any) -> Request:
        others = wrapped(application, *options)
        usual, quick = Pool("request", threads), Pool("urgent", URGENT)

        def receive(wire: Wire, environ: Environ) -> None:
            if (found := at_once(environ)) is None and is_expected(environ):
                found = filled(environ)
            if found is not None:
                wire.response_bytes(*found)
            else:
                (quick if urgent(environ) else usual).run(others, wire, environ)

        return receive

    return wrap
