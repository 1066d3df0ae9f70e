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

PIDS: dict[str, int] = {}  # of the servers that run, by address
WORLD = """
import sys
from benchmarks.decision import gateway, prepare
print(prepare(sys.argv[1]))
print(gateway())
"""


def world(folder: Path) -> tuple[dict[str, str], str, str]:
    """A database with one key, which has every kind of limit at all five levels, and a gateway's key.

    Gives the environment and the two keys.
    """
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("RBACADMIN_")},
        "RBACADMIN_VAR_DIR": str(folder / "var"),
        "RBACADMIN_LOG_LEVEL": "ERROR",
        "RBACADMIN_FORWARD_AUTH_CALLS": "100000",  # all of the load is one key's, and is settled after each round
        "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "rbacadmin.settings",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-c", WORLD, environment["DATABASE_URL"]]
    done = subprocess.run(command, check=True, env=environment, cwd=ROOT, capture_output=True, text=True)
    secret, gateway = done.stdout.split()[-2:]
    return environment, secret, gateway


@contextmanager
def granian(application: str, environment: Mapping[str, str], folder: Path, *more: str) -> Iterator[str]:
    """Serve a WSGI application, with `more` flags than those of the product; gives its URL."""
    port = free_port()
    command = [sys.executable, "-m", "granian", *GRANIAN, *more, "--port", str(port), application]
    with serving(command, environment, folder / f"{application.split(':')[0]}.log", port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def serving(command: list[str], environment: Mapping[str, str], log: Path, port: int) -> Iterator[None]:
    """Run a server until the block ends. Raises RuntimeError when it does not answer."""
    with log.open("w") as output:
        process = subprocess.Popen(command, env=dict(environment), cwd=ROOT, stdout=output, stderr=output)
    try:
        until = time.monotonic() + 300
        while not listens(port):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{' '.join(command)} does not answer: {log.read_text()[-2000:]}")
            time.sleep(0.1)
        PIDS[f"http://127.0.0.1:{port}"] = process.pid
        yield
    finally:
        PIDS.pop(f"http://127.0.0.1:{port}", None)
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def worked(url: str) -> float:
    """Seconds of processor time that the server of this address has taken so far; 0 where nobody can tell."""
    pid = PIDS.get("/".join(url.split("/")[:3]))
    if pid is None or not Path("/proc/self/stat").exists():
        return 0.0
    taken = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(") ")[2].split()
        except OSError:  # it has just ended
            continue
        if path.parent.name == str(pid) or fields[1] == str(pid):
            taken += int(fields[11]) + int(fields[12])
    return taken / os.sysconf("SC_CLK_TCK")


def listens(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.connect()
    except OSError:
        return False
    finally:
        connection.close()
    return True
