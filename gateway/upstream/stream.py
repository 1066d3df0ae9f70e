"""A provider's stream that never keeps us waiting: a thread reads it, and whoever asks gets b"" after a second."""

import queue
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import httpcore2

from gateway.upstream import network, sse
from gateway.upstream.errors import UpstreamFailure

BEAT = 1.0  # seconds
AHEAD = 64  # pieces that may wait to be read; then the provider waits

Piece = bytes | UpstreamFailure | None  # None: the end


class Beating(Iterator[bytes]):
    """The events of an answer, each with its empty line, and b"" while there are none."""

    def __init__(self, response: httpcore2.Response, until: float) -> None:
        self.response = response
        self.until = until
        self.pieces: queue.Queue[Piece] = queue.Queue(AHEAD)
        self.closed = threading.Event()
        self.over = False
        self.guard = threading.Lock()
        self.ours = True  # the connection; afterwards it may serve another call
        threading.Thread(target=self.read, name="upstream", daemon=True).start()

    def __next__(self) -> bytes:
        if self.over:
            raise StopIteration
        try:
            piece = self.pieces.get(timeout=BEAT)
        except queue.Empty:
            return b""
        if isinstance(piece, bytes):
            return piece
        self.over = True
        self.close()
        if piece is None:
            raise StopIteration
        raise piece

    def close(self) -> None:
        """End the call, also while the thread waits for bytes: it wakes, and gives the connection back itself."""
        self.over = True
        if self.closed.is_set():
            return
        self.closed.set()
        connection = self.response.extensions.get("network_stream")
        wire = connection.get_extra_info("socket") if connection is not None else None
        with self.guard:
            if self.ours and isinstance(wire, socket.socket):
                with suppress(OSError):  # the other side was faster
                    wire.shutdown(socket.SHUT_RDWR)

    def read(self) -> None:
        """In the thread: bytes into events into the queue."""
        network.set_deadline(self.until)
        end: Piece = None
        events = sse.Events()
        try:
            for chunk in self.response.iter_stream():
                for event in events.feed(chunk):
                    if not self.put(event + b"\n\n"):
                        return
        except UpstreamFailure as failure:
            end = failure
        except httpcore2.TimeoutException:
            end = UpstreamFailure(504, "The provider stopped answering.")
        except (httpcore2.NetworkError, httpcore2.ProtocolError):
            end = UpstreamFailure(502, "The provider broke its answer off.")
        finally:
            with self.guard:
                self.ours = False
            self.response.close()
            self.put(end)

    def put(self, piece: Piece) -> bool:
        """Hand a piece over; False when nobody wants it any more."""
        while not self.closed.is_set():
            try:
                self.pieces.put(piece, timeout=BEAT)
            except queue.Full:
                continue
            return True
        return False
