"""Asking the server, and saying in exit codes what it refused."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from rbacctl.failure import Code, Failure, refusal

PATIENCE = 60.0  # seconds


def segment(name: str) -> str:
    """A name as one part of a path, whatever characters it has."""
    return quote(name, safe="@:")


class Client:
    """Requests with one key. Redirects are not followed: they would carry the key elsewhere."""

    def __init__(self, server: str, key: str, context: Mapping[str, str]) -> None:
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
        with reached(self.server):
            response = httpx.request(
                method, self.server + path, params=named, json=given, headers=self.headers, timeout=PATIENCE
            )
        answer = read(response)
        if not response.is_success:
            raise refusal(response.status_code, answer)
        if isinstance(answer, str):
            raise Failure(f"{self.server} does not speak this API: is it the right address?", Code.LATER)
        return answer

    @contextmanager
    def stream(self, path: str, **query: Any) -> Iterator[Iterator[str]]:
        """The lines of an answer, as they come."""
        named = {name: value for name, value in query.items() if value is not None}
        with (
            reached(self.server),
            httpx.stream(
                "GET", self.server + path, params=named, headers={**self.headers, "Accept": "*/*"}, timeout=PATIENCE
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
def reached(server: str) -> Iterator[None]:
    """Raise Failure when there is no answer at all."""
    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Failure(f"{server} does not answer: {error or type(error).__name__}", Code.LATER) from error
