"""A mutex that serves threads in the order in which they asked."""

import threading
from collections import deque


class FairLock:
    """First come, first served. `threading.Lock` lets the thread that just released it take it again, for ever."""

    def __init__(self) -> None:
        self._state = threading.Lock()
        self._held = False
        self._queue: deque[threading.Lock] = deque()

    def acquire(self, timeout: float) -> bool:
        """Wait for the lock, at most `timeout` seconds. Says whether the caller holds it now."""
        with self._state:
            if not self._held:
                self._held = True
                return True
            ticket = threading.Lock()
            ticket.acquire()
            self._queue.append(ticket)
        try:
            if ticket.acquire(timeout=timeout):
                return True
        except BaseException:  # an interrupt: nobody must hand the lock to a thread that has gone
            if not self._withdraw(ticket):
                self.release()
            raise
        return not self._withdraw(ticket)

    def release(self) -> None:
        """Hand the lock to the longest waiting thread: it is never free in between, so nobody can jump the queue."""
        with self._state:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._held = False

    def _withdraw(self, ticket: threading.Lock) -> bool:
        """Leave the queue. False: too late, the lock was handed over in the meantime."""
        with self._state:
            try:
                self._queue.remove(ticket)
            except ValueError:
                return False
            return True
