"""The cast, and clients that speak for it."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, settings

from gateway import admission
from rbacadmin import role_permissions
from tests import copies, world
from tests.matrix import managed
from tests.support import oidc
from tests.world import World

# A busy machine is no finding: examples may take their time. What they leave in the database, each test undoes itself.
BY_DESIGN = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("suite", deadline=None, suppress_health_check=BY_DESIGN)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Build the world once, before the first test's savepoint."""
    with django_db_blocker.unblock():
        World.built = world.build()  # type: ignore[attr-defined]
        World.read = copies.reread(World.built)  # type: ignore[attr-defined]


@pytest.fixture
def cast(db: None) -> World:
    """The world as it was built: tests run in savepoints. Each test has copies of its own, so that none is stale."""
    return copies.copied(World.read)  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _no_leftovers() -> Iterator[None]:
    """The cache (sign-in limits), what admission counts and what was read of the rows are no part of the savepoint."""
    stored = role_permissions.stored
    stored.found, stored.read_at = (), math.inf  # not looked at again by the clock: tests count queries
    managed.forget()
    yield
    cache.clear()
    admission.forget()


@pytest.fixture
def api(cast: World) -> Callable[..., Any]:
    """`api("POST", "/team/new", {...}, as_="org_admin")`: a call with the bearer key of somebody of the cast."""

    def call(
        method: str, path: str, body: Any = None, *, as_: str | None = None, token: str | None = None, **extra: Any
    ) -> Any:
        secret = token or (cast.secrets[as_] if as_ else None)
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        if body is not None:
            extra["data"] = body
            extra["content_type"] = "application/json"
        return Client().generic(method, path, headers=headers, **prepared(extra))

    return call


def prepared(extra: dict[str, Any]) -> dict[str, Any]:
    import json

    data = extra.pop("data", None)
    return {
        **extra,
        "data": json.dumps(data) if data is not None and not isinstance(data, str | bytes) else data or b"",
    }


@pytest.fixture
def browser_of(cast: World) -> Callable[[str], Client]:
    """A signed-in browser session (without a browser) of somebody of the cast."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(getattr(cast, name), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture(scope="session")
def identity_provider() -> Iterator[oidc.Provider]:
    """An OpenID Connect provider: a process of its own, one for all tests of this worker. Call `reset` first."""
    with oidc.running() as provider:
        yield provider


@pytest.fixture
def one_moment() -> Iterator[None]:
    """Time stands still: what is noticed once a minute is noticed once, however slow the machine is."""
    with time_machine.travel(timezone.now(), tick=False):
        yield
