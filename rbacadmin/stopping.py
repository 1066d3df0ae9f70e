"""Whether this process is about to end, for whatever would hold it up: open streams, waiting threads.

The server has its own handlers for SIGTERM and SIGINT, set after our code was loaded. So we do not take them: Python
writes the number of each signal into a socket of ours besides, and a thread that reads it sets the event.
"""

import signal
import socket
import threading
from collections.abc import Callable
from multiprocessing.util import Finalize

ENDS = {signal.SIGTERM, signal.SIGINT}

stopping = threading.Event()


def watch() -> None:
    """Begin to watch for signals. Called once by each worker, from its main thread, before it serves."""
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)

    def read() -> None:
        with writer:  # kept: the signal handler knows its number only
            while received := reader.recv(64):
                if ENDS.intersection(received):
                    stopping.set()

    threading.Thread(target=read, name="stopping", daemon=True).start()


def at_end(work: Callable[[], object], *, order: int = 0) -> None:
    """Do this when the process ends in good order, the highest `order` first.

    The server's workers are children that never come to what `atexit` knows; this is done in those too.
    """
    Finalize(None, work, exitpriority=order)
