"""Another gateway on this machine: answers GETs of JSON from lists, page by page, as LiteLLM and LLMariner do."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.support.answering import answering

KEY = "sk-administrator-of-the-other-gateway"

Answer = tuple[int, Any]


@dataclass
class OtherGateway:
    """`answers` by path: a value, or what makes `(status, value)` of a query. `asked` are the requests that came."""

    url: str
    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)  # of the answers


def paged(items: str, rows: list[Any], *, size: str = "page_size", total: str = "total") -> Callable[[Any], Answer]:
    """A list in LiteLLM's pages of at most 100 rows."""

    def answer(query: dict[str, str]) -> Answer:
        page, most = int(query.get("page", 1)), int(query.get(size, 10))
        if most > 100:
            return 422, {"detail": [{"loc": ["query", size], "msg": "Input should be less than or equal to 100"}]}
        current = {"current_page": page} if total == "total_count" else {"page": page, "page_size": most}
        part = rows[(page - 1) * most : page * most]
        return 200, {items: part, total: len(rows), **current, "total_pages": -(-len(rows) // most)}

    return answer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65_536  # headers and body in one packet: else each answer waits for an acknowledgement
    gateway: OtherGateway

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        path, query = unquote(where.path), dict(parse_qsl(where.query))
        self.gateway.asked.append((path, query))
        if self.headers["Authorization"] != f"Bearer {KEY}":
            self.say(401, {"error": {"message": f"Invalid key {self.headers['Authorization']}", "type": "auth_error"}})
        elif path not in self.gateway.answers:
            self.say(404, {"detail": "Not Found"})
        else:
            answer = self.gateway.answers[path]
            self.say(*(answer(query) if callable(answer) else (200, answer)))

    def say(self, status: int, value: Any) -> None:
        content = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        for name, text in self.gateway.headers.items():
            self.send_header(name, text)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def log_message(self, *_args: Any) -> None:
        pass


@contextmanager
def other_gateway() -> Iterator[OtherGateway]:
    """A gateway that knows nothing yet; it ends with the block."""

    class Here(Handler):
        pass

    with answering(Here) as port:
        Here.gateway = OtherGateway(f"http://127.0.0.1:{port}")
        yield Here.gateway
