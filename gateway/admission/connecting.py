"""Database connections for callers that no Django request stands around."""

from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections, connection

T = TypeVar("T")

LOST = (OperationalError, InterfaceError)


def connected(work: Callable[[], T]) -> T:
    """Run `work` with a connection that is fit for use, and hand the connection back.

    When the server dropped the connection, `work` runs once more with a new one, so it must bear that. Inside a
    transaction of the caller it is simply run: there is nothing to give back, and nothing to try again.
    """
    if connection.in_atomic_block:
        return work()
    close_old_connections()
    try:
        return work()
    except LOST:
        connection.close()
        return work()
    finally:
        close_old_connections()
