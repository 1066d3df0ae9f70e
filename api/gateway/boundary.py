"""The WSGI boundary: questions of forward auth are answered in front of Django, everything else goes on to it.

Django's request, middleware and signals cost several times what a decision costs. What is answered here sends no
signals, so whatever reads the database on its behalf looks after its connection itself (gateway.ledger.connecting).
Most questions need no database: under granian these are answered without another thread (`at_once`, rbacadmin.threads).
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

import structlog

from api.gateway.calls import Environ
from api.gateway.forward_auth import answer, answer_warm, is_question
from rbacadmin.pool import FAILED, Answer

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}

logger = structlog.stdlib.get_logger(__name__)


def asks(environ: Environ) -> bool:
    """Whether it is a question of forward auth. Every request of the product pays for this line."""
    path: str = environ["PATH_INFO"]
    return path.startswith("/gateway/") and is_question(path)


def boundary(application: WSGI) -> WSGI:
    """`application` with the decision paths answered before it is asked."""

    def answered(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not asks(environ):
            return application(environ, start_response)
        status, headers, body = decided(environ)
        start_response(LINES[status], headers)
        return [body]  # granian sends a list at once, and walks through anything else as a stream: 4 us more

    return answered


def decided(environ: Environ) -> Answer:
    """The decision; a bug of ours lets nobody pass."""
    try:
        return answer(environ)
    except Exception:
        logger.exception("a decision failed")
        return FAILED


def at_once(environ: Environ) -> Answer | None:
    """The answer to a question that memory can answer; None for every other request. Waits for nothing.

    The locks that are taken for it are never held by anybody who waits for the database or the network.
    """
    if not asks(environ):
        return None
    try:
        return answer_warm(environ)
    except Exception:
        logger.exception("a decision failed")
        return FAILED
