"""Shorthands for the tests of the rules."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.conftest import MASTER

Call = Callable[..., tuple[int, Any]]


@pytest.fixture
def ask(api: Callable[..., Any]) -> Call:
    """`ask("member", "POST", "/team/new", {...})`: the status and the answer; by the master key for `"master"`."""

    def call(name: str | None, method: str, path: str, body: Any = None, *, token: str = "") -> tuple[int, Any]:
        token = token or (MASTER if name == "master" else "")
        answer = api(method, path, body, token=token) if token else api(method, path, body, as_=name)
        return answer.status_code, answer.json()

    return call
