"""The first command, as somebody runs it who has just cloned the project."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rbacadmin.serving import running_at
from tests.support import server as support
from tests.support.server import ROOT, free_port, wait_until_ready


@pytest.fixture
def empty_database() -> Iterator[str]:
    with support.empty_database() as url:
        yield url


def test_serve_starts_from_nothing_says_how_to_sign_in_and_stops_on_ctrl_c(tmp_path: Path, empty_database: str) -> None:
    port, log = free_port(), tmp_path / "log"
    environment = {
        **os.environ,
        "RBACADMIN_VAR_DIR": str(tmp_path / "var"),
        "DATABASE_URL": empty_database,
        "PORT": str(port),
    }
    with log.open("w") as output:
        server = subprocess.Popen([ROOT / "bin/serve"], env=environment, stdout=output, stderr=output, text=True)
    try:
        wait_until_ready(server, f"http://127.0.0.1:{port}/")
        assert server.poll() is None, log.read_text()
        assert f"http://127.0.0.1:{port}/accounts/link/" in log.read_text()
        assert running_at(tmp_path / "var") == f"http://127.0.0.1:{port}"
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) == 0, log.read_text()
        assert running_at(tmp_path / "var") is None
    finally:
        server.kill()
        server.wait()


@pytest.mark.sqlite
def test_serve_with_tls_is_vouched_for_by_an_authority_of_its_own(tmp_path: Path) -> None:
    port, log, var = free_port(), tmp_path / "log", tmp_path / "var"
    environment = {**os.environ, "RBACADMIN_VAR_DIR": str(var), "PORT": str(port)}
    with log.open("w") as output:
        server = subprocess.Popen(
            [ROOT / "bin/serve", "--tls"], env=environment, stdout=output, stderr=output, text=True
        )
    try:
        until = time.monotonic() + 120
        while "Serving on" not in log.read_text() and server.poll() is None and time.monotonic() < until:
            time.sleep(0.2)
        wait_until_ready(server, f"https://127.0.0.1:{port}/", str(var / "tls" / "ca.crt"))
        assert server.poll() is None, log.read_text()
        assert f"https://127.0.0.1:{port}/accounts/link/" in log.read_text()
        assert (var / "tls" / "server.key").stat().st_mode & 0o777 == 0o600
    finally:
        server.kill()
        server.wait()


def test_serve_refuses_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        environment = {**os.environ, "PORT": str(port), "RBACADMIN_VAR_DIR": str(tmp_path)}
        run = subprocess.run([ROOT / "bin/serve"], env=environment, capture_output=True, text=True, timeout=60)
    assert run.returncode == 1
    assert f"cannot serve on 127.0.0.1 port {port}" in run.stdout
    assert list(tmp_path.iterdir()) == []
