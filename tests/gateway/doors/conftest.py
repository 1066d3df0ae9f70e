"""Questions as proxies put them, to the boundary in front of Django."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import RequestFactory

from api.gateway.boundary import at_once, boundary
from tests.world import World


@dataclass(frozen=True)
class Told:
    """What a proxy was told. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class PassedOn(Exception):
    """The boundary left the request to Django."""


def at_boundary(method: str, path: str, content: bytes = b"", **headers: str) -> Told:
    """The boundary's answer. Headers are written `x_model`. Raises PassedOn."""
    environ = asked(method, path, content, **headers)
    found: dict[str, Any] = {}

    def start_response(line: str, sent: list[tuple[str, str]]) -> None:
        found.update(status=int(line.split()[0]), headers=dict(sent))

    def beyond(_environ: dict[str, Any], _start: Any) -> Any:
        raise PassedOn

    body = b"".join(boundary(beyond)(environ, start_response))
    return Told(body=body, **found)


def asked(method: str, path: str, content: bytes = b"", **headers: str) -> dict[str, Any]:
    """A request as the server hands it over. Headers are written `x_model`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    kind = named.pop("content-type", "application/json")
    environ: dict[str, Any] = RequestFactory().generic(method, path, content, content_type=kind, headers=named).environ
    return environ


def from_memory(method: str, path: str, content: bytes = b"", **headers: str) -> Told | None:
    """The answer that needs no thread, when there is one."""
    found = at_once(asked(method, path, content, **headers))
    return None if found is None else Told(found[0], dict(found[1]), found[2])


@pytest.fixture
def nginx(cast: World) -> Callable[..., Told]:
    """`nginx(secret, x_model="gpt-4o")`: a call of that key, as the shipped configuration describes it."""

    def ask(secret: str = "", uri: str = "/v1/chat/completions", **headers: str) -> Told:
        given = {"authorization": f"Bearer {secret}"} if secret else {}
        return at_boundary("GET", "/gateway/auth-request", x_original_uri=uri, **given, **headers)

    return ask
