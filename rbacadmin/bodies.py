"""What requests carry, read in granian's own thread, before a request takes one of ours.

granian takes a body away when its thread goes on to the next request, so that thread has to read it. Nearly always all
of it is there already; whoever sends slowly holds one of granian's threads until the last byte, and none of ours. The
last of granian's threads is for requests without a body: whoever stalls holds up no decision and no page.
"""

import threading
from io import BytesIO

from rbacadmin.pool import Answer, Environ

MOST = 16 * 1024 * 1024  # bytes; the API takes a sixteenth of it, the import of people the rest

TOO_LARGE: Answer = (413, [("content-length", "0"), ("connection", "close")], b"")
BUSY: Answer = (503, [("content-length", "0"), ("retry-after", "1"), ("connection", "close")], b"")
CUT: Answer = (400, [("content-length", "0"), ("connection", "close")], b"")

READERS = 3  # bodies at a time: one less than granian has threads (bin/serve)
PATIENCE = 0.05  # seconds: a body that is there is read in a thousandth of that
reading = threading.BoundedSemaphore(READERS)


def filled(environ: Environ) -> Answer | None:
    """Put the body into memory; None when all of it came, else why the request is no request."""
    told = environ.get("CONTENT_LENGTH", "")
    if told and (not told.isdecimal() or int(told) > MOST):
        return TOO_LARGE
    if not reading.acquire(timeout=PATIENCE):
        return BUSY
    try:
        body = environ["wsgi.input"].read(int(told) if told else MOST + 1)
    finally:
        reading.release()
    if len(body) > MOST:
        return TOO_LARGE
    if told and len(body) < int(told):
        return CUT  # whoever sent it went away
    environ["wsgi.input"] = BytesIO(body)
    return None


def is_expected(environ: Environ) -> bool:
    """Whether a body comes with the request."""
    return environ.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in environ
