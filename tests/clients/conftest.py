"""Clients that other people wrote, each in a process of its own, against the real server."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support import clients
from tests.support.server import Server, serving

SCRIPTS = Path(__file__).parent / "scripts"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.clients)


@pytest.fixture(scope="session")
def programs() -> Path:
    """The folder of the clients' programs. Where they cannot be installed: a failure with CI=true, else a skip."""
    try:
        return clients.find()
    except clients.Unavailable as reason:
        if os.environ.get("CI", "").lower() in ("true", "1"):
            pytest.fail(str(reason))
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all of these tests: each works on rows of its own."""
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def ask(server: Server) -> Callable[..., Any]:
    """`ask("GET", "/key/list")`: what the server says without any client, as (status, answer)."""

    return server.ask


@dataclass(frozen=True)
class Said:
    """How a client ended, and what it said."""

    code: int
    out: str
    aside: str


@pytest.fixture(scope="session")
def host(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Said]]:
    """`host("keys.py", ...)`: one process of the client's environment that runs script after script."""
    home = tmp_path_factory.mktemp("home")
    process = subprocess.Popen(
        [programs / "python", SCRIPTS / "host.py"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=clients.environment(home),
        cwd=home,
    )

    def run(*line: str) -> Said:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(line) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        assert answer, "the client's process has ended"
        return Said(*json.loads(answer))

    with process:
        yield run


@pytest.fixture
def script(host: Callable[..., Said], server: Server) -> Callable[..., Any]:
    """`script("keys", "argument")`: what scripts/keys.py says, as JSON; it gets the server, the key, the arguments."""

    def run(name: str, *arguments: str, key: str = server.master) -> Any:
        said = host(f"{name}.py", server.url, key, *arguments)
        assert said.code == 0, said.out + said.aside
        return json.loads(said.out)

    return run


@pytest.fixture
def command(host: Callable[..., Said], server: Server) -> Callable[..., Said]:
    """`command("keys", "list")`: LiteLLM's command line with these arguments."""

    def run(*arguments: str, key: str = server.master) -> Said:
        return host("litellm-proxy", "--base-url", server.url, "--api-key", key, *arguments)

    return run
