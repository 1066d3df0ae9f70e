"""Shorthands for the tests of LLMariner's dialect."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.api.conftest import MASTER
from tests.world import World

Call = Callable[..., tuple[int, Any]]


@pytest.fixture
def call(cast: World) -> Call:
    """`call("GET", "/v1/organizations", as_="reader")`: the status and the answer. Other names are headers."""

    def send(method: str, path: str, body: Any = None, *, as_: str = "", token: str = "", **headers: str) -> Any:
        secret = token or (MASTER if as_ == "master" else cast.secrets[as_])
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = Client().generic(
            method,
            path,
            content,
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}", **named},
        )
        return answer.status_code, answer.json()

    return send


@pytest.fixture
def home(cast: World) -> str:
    """The path of the organization of the cast."""
    return f"/v1/organizations/{cast.organization.prefixed_id}"


@pytest.fixture
def project(cast: World, home: str) -> str:
    """The path of the project of the cast."""
    return f"{home}/projects/{cast.project.prefixed_id}"
