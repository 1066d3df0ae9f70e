"""The servers of a measurement, each a process of its own, with the flags that `bin/serve` has."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.support.server import GRANIAN, ROOT, free_port

WORLD = """
import sys
from benchmarks.decision import prepare
print(prepare(sys.argv[1]))
"""


def world(folder: Path) -> tuple[dict[str, str], str]:
    """A database with one key, which has every kind of limit at all five levels; gives the environment and the key."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("RBACADMIN_")},
        "RBACADMIN_VAR_DIR": str(folder / "var"),
        "RBACADMIN_LOG_LEVEL": "ERROR",
        "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "rbacadmin.settings",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-c", WORLD, environment["DATABASE_URL"]]
    done = subprocess.run(command, check=True, env=environment, cwd=ROOT, capture_output=True, text=True)
    return environment, done.stdout.strip().splitlines()[-1]


@contextmanager
def granian(application: str, environment: Mapping[str, str], folder: Path) -> Iterator[str]:
    """Serve a WSGI application; gives its URL."""
    port = free_port()
    command = [sys.executable, "-m", "granian", *GRANIAN, "--port", str(port), application]
    with serving(command, environment, folder / f"{application.split(':')[0]}.log", port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def serving(command: list[str], environment: Mapping[str, str], log: Path, port: int) -> Iterator[None]:
    """Run a server until the block ends. Raises RuntimeError with its log when it does not answer."""
    with log.open("w") as output:
        process = subprocess.Popen(command, env=dict(environment), cwd=ROOT, stdout=output, stderr=output)
    try:
        until = time.monotonic() + 300
        while not listens(port):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{' '.join(command)} does not answer: {log.read_text()[-2000:]}")
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def listens(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.connect()
    except OSError:
        return False
    finally:
        connection.close()
    return True
