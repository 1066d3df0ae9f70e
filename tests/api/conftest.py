"""Shorthands for the tests of the dialects."""

from collections.abc import Callable
from typing import Any

import pytest

MASTER = "sk-1234"  # tests/settings.py


@pytest.fixture
def master(api: Callable[..., Any]) -> Callable[..., Any]:
    """`master("POST", "/team/new", {...})`: a call with the master key."""

    def call(method: str, path: str, body: Any = None, **extra: Any) -> Any:
        return api(method, path, body, token=MASTER, **extra)

    return call
