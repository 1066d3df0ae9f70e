"""The real server, for proxies and gateways that are real too. One server: each test works on rows of its own."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from uuid import uuid4

import pytest

from tests.support import programs
from tests.support.server import Server, serving

MODEL = "penny"  # a dollar for a million tokens
DEAR = "dear"  # in the catalog, and nobody's


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What proxies see says no more on PostgreSQL."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.sqlite)


def unavailable(reason: Exception) -> NoReturn:
    """A program that cannot be had here: a failure with CI=true, else a skip that says why."""
    if os.environ.get("CI", "").lower() in ("true", "1"):
        pytest.fail(str(reason))
    pytest.skip(str(reason))


@pytest.fixture(scope="session")
def program() -> Callable[[str], programs.Program]:
    def find(name: str) -> programs.Program:
        try:
            return programs.find(name)
        except programs.Unavailable as reason:
            unavailable(reason)

    return find


@dataclass(frozen=True)
class Place:
    """An organization with a team and models, on a server."""

    server: Server
    organization: str
    team: str

    def key(self, **limits: Any) -> str:
        """The secret of a new key in the team."""
        status, made = self.server.ask("POST", "/key/generate", {"team_id": self.team, "user_id": None, **limits})
        assert status == 200, made
        return str(made["key"])


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server")) as running:
        for name in (MODEL, DEAR):
            params = {"model": f"mock/{name}", "input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6}
            status, answer = running.ask("POST", "/model/new", {"model_name": name, "litellm_params": params})
            assert status == 200, answer
        yield running


@pytest.fixture
def place(server: Server) -> Place:
    """An organization of its own, which may call MODEL."""
    name = uuid4().hex[:8]
    status, organization = server.ask(
        "POST", "/organization/new", {"organization_alias": f"acme-{name}", "models": [MODEL]}
    )
    assert status == 200, organization
    ident = organization["organization_id"]
    status, team = server.ask("POST", "/team/new", {"team_alias": f"core-{name}", "organization_id": ident})
    assert status == 200, team
    return Place(server, ident, team["team_id"])
