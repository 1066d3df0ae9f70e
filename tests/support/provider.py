"""A provider of models on this machine that does what it is told, well or badly."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "the-provider-key-0123456789"


def chunk(text: str | None = None, **more: Any) -> dict[str, Any]:
    """One event of a chat's stream."""
    delta = {"content": text} if text is not None else {}
    choices = [{"index": 0, "delta": delta, "finish_reason": more.pop("finish_reason", None)}]
    return {"id": "c-1", "object": "chat.completion.chunk", "created": 1, "model": "up-1", "choices": choices, **more}


def last(prompt: int, completion: int) -> dict[str, Any]:
    """The event with the usage."""
    usage = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    return {**chunk(), "choices": [], "usage": usage}


def answer(text: str, **more: Any) -> dict[str, Any]:
    """The answer of a chat."""
    message = {"role": "assistant", "content": text}
    choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
    return {"id": "c-1", "object": "chat.completion", "created": 1, "model": "up-1", "choices": choices, **more}


@dataclass
class Provider:
    """`does` says what the next calls get: see `Handler`. `calls` are the bodies that came, `headers` their headers."""

    base: str
    does: dict[str, Any] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)  # somebody left before the end


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    provider: Provider

    def do_POST(self) -> None:
        does = self.provider.does
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.provider.calls.append(json.loads(content))
        self.provider.headers.append({name.lower(): value for name, value in self.headers.items()})
        time.sleep(does.get("wait", 0))
        try:
            if "events" in does:
                self.stream(does)
            elif "raw" in does:
                self.wfile.write(does["raw"])
                self.close_connection = True
            else:
                self.whole(does)
        except OSError:
            self.provider.gone.set()
            self.close_connection = True

    def whole(self, does: dict[str, Any]) -> None:
        body = does.get("body", answer("hello"))
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(does.get("status", 200))
        for name, value in does.get("headers", {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def stream(self, does: dict[str, Any]) -> None:
        """Events: values as `data`, bytes as they are, numbers as seconds to wait; `cut` ends without an end."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for event in does["events"]:
            if isinstance(event, int | float):
                time.sleep(event)
                continue
            piece = event if isinstance(event, bytes) else b"data: " + json.dumps(event).encode() + b"\n\n"
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.flush()
        if does.get("cut"):
            self.close_connection = True
            return
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


class Listening(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_args: Any) -> None:
        """Callers that break connections off are what this is for."""


@contextmanager
def providing() -> Iterator[Provider]:
    """A provider that answers until the block ends."""
    server = Listening(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}/v1")
    server.RequestHandlerClass = type("Bound", (Handler,), {"provider": provider})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
