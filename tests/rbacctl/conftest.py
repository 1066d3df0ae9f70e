"""The command line against a real server, each run with a home of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from rbacctl import session
from rbacctl.app import app
from tests.support.server import Server, serving


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all of these tests: each works on rows of its own."""
    with serving(tmp_path_factory.mktemp("server"), pages=True) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An XDG config directory without anything in it, and an environment that names no server and no key."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    for name in ("RBACCTL_SERVER", *session.KEYS_IN_ENVIRONMENT):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def run(home: Path) -> Callable[..., Any]:
    """`run("context", "get")`: what rbacctl says, with `exit_code`, `stdout` and `stderr`."""

    def command(*arguments: str, typed: str = "") -> Any:
        return CliRunner().invoke(app, [*arguments], input=typed, prog_name="rbacctl")

    return command


@pytest.fixture
def signed_in(run: Callable[..., Any], server: Server) -> Callable[..., Any]:
    """`run`, after `auth login` with the master key."""
    done = run("auth", "login", "--with-key", "--server", server.url, typed=f"{server.master}\n")
    assert done.exit_code == 0, done.output
    return run
