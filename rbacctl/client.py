"""Asking the server, and saying in exit codes what it refused."""

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from rbacctl.failure import Code, Failure, refusal

REQUEST_ID = "X-Request-ID"
PATIENCE = 60.0  # seconds
HINT = " Name who vouches for it: rbacctl --certificate-authority FILE ..."


def segment(name: str) -> str:
    """A name as one part of a path, whatever characters it has."""
    return quote(name, safe="@:")


@dataclass(frozen=True)
class Server:
    """Where requests go, and which authority vouches for it besides those that the system trusts."""

    url: str
    authority: Path | None = None
    patience: float = PATIENCE
    tell: Callable[[str], None] | None = None  # of each request: no header and no body, in which secrets are

    @cached_property
    def trust(self) -> ssl.SSLContext | bool:
        """Whom to believe that this is the server. Raises Failure for a file that holds no certificate."""
        if self.authority is None:
            return True
        context = ssl.create_default_context()
        try:
            context.load_verify_locations(cafile=self.authority)
        except OSError as error:  # an SSLError is one
            words = f"{self.authority} holds no certificate authority ({type(error).__name__})."
            raise Failure(words, Code.USAGE) from None
        return context

    def request(self, method: str, path: str, **how: Any) -> Any:
        """The answer. Raises Failure when there is none."""
        with reached(self.url):
            answer = httpx.request(method, self.url + path, timeout=self.patience, verify=self.trust, **how)
        if self.tell:
            took = answer.elapsed.total_seconds() * 1000
            ident = answer.headers.get(REQUEST_ID, "-")
            self.tell(f"{method} {answer.url} {answer.status_code} in {took:.0f} ms, request {ident}")
        return answer


class Client:
    """Requests with one key. Redirects are not followed: they would carry the key elsewhere."""

    def __init__(self, server: Server, key: str, context: Mapping[str, str]) -> None:
        self.server = server
        self.headers = {"Authorization": f"Bearer {key}", "Accept": "application/json", **context}

    def get(self, path: str, **query: Any) -> Any:
        return self.ask("GET", path, query=query)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        return self.ask("POST", path, body=body)

    def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        return self.ask("PATCH", path, body=body)

    def delete(self, path: str) -> Any:
        return self.ask("DELETE", path)

    def ask(
        self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: Mapping[str, Any] | None = None
    ) -> Any:
        """The server's answer. Raises Failure for everything but a success."""
        named = {name: value for name, value in (query or {}).items() if value is not None}
        given = None if body is None else {name: value for name, value in body.items() if value is not None}
        response = self.server.request(method, path, params=named, json=given, headers=self.headers)
        answer = read(response)
        if not response.is_success:
            raise refusal(response.status_code, answer, response.headers.get(REQUEST_ID, ""))
        if isinstance(answer, str):
            raise Failure(f"{self.server.url} does not speak this API: is it the right address?", Code.LATER)
        return answer

    @contextmanager
    def stream(self, path: str, **query: Any) -> Iterator[Iterator[str]]:
        """The lines of an answer, as they come."""
        named = {name: value for name, value in query.items() if value is not None}
        with (
            reached(self.server.url),
            httpx.stream(
                "GET",
                self.server.url + path,
                params=named,
                headers={**self.headers, "Accept": "*/*"},
                timeout=self.server.patience,
                verify=self.server.trust,
            ) as response,
        ):
            if not response.is_success:
                response.read()
                raise refusal(response.status_code, read(response))
            yield response.iter_lines()


def read(response: Any) -> Any:
    """The body as JSON, or as text where it is none. A page of HTML says nothing to a terminal."""
    try:
        return response.json()
    except ValueError:
        return "" if "html" in response.headers.get("content-type", "") else response.text


@contextmanager
def reached(url: str) -> Iterator[None]:
    """Raise Failure when there is no answer at all."""
    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        hint = HINT if "CERTIFICATE" in str(error) else ""
        raise Failure(f"{url} does not answer: {error or type(error).__name__}{hint}", Code.LATER) from error
