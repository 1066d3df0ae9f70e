"""The product's own server, as `bin/serve` starts it, on a database that is its alone."""

import fcntl
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from uuid import uuid4

import psycopg

from rbacadmin import tls as certificates

ROOT = Path(__file__).resolve().parent.parent.parent
MASTER = "sk-master-of-the-server-under-test"
SET_UP = """
import django, sys
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, skip_checks=True)
call_command("bootstrap")
if "pages" in sys.argv:
    call_command("collectstatic", interactive=False, verbosity=0)
"""
GRANIAN = ("--interface=wsgi", "--no-ws", "--workers=1", "--blocking-threads=4", "--workers-kill-timeout=10")


@dataclass(frozen=True)
class Server:
    """A server that answers. `url` has no slash at its end; `database` is empty where it is SQLite."""

    url: str
    master: str = MASTER
    process: subprocess.Popen[str] | None = None
    database: str = ""
    ca: str = ""  # the file of the authority, where it serves HTTPS

    def ask(self, method: str, path: str, body: Any = None, *, key: str = MASTER) -> tuple[int, Any]:
        """What it says to this request, as (status, answer)."""
        content = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        try:
            request = Request(self.url + path, content, headers, method=method)
            with urlopen(request, timeout=60, context=trusting(self.ca)) as answer:
                return answer.status, json.load(answer)
        except HTTPError as error:
            with error:
                return error.code, json.load(error)


def trusting(ca: str) -> ssl.SSLContext | None:
    return ssl.create_default_context(cafile=ca) if ca else None


@contextmanager
def serving(folder: Path, *, tls: bool = False, pages: bool = False) -> Iterator[Server]:
    """A server with an empty database (initial organization aside), its files in `folder`; it ends with the block.

    The dashboard needs its static files collected: `pages` says that somebody will look at it.
    """
    with empty_database() as database:
        port, log = free_port(), folder / "log"
        environment = environment_of(folder / "var", database) | {"PORT": str(port)}
        if database:
            set_up(environment, pages)
        else:
            shutil.copytree(prepared(pages), folder / "var")
        options, ca = [*GRANIAN], ""
        if tls:
            files = certificates.ensure(folder / "var", [])
            options += [f"--ssl-certificate={files.certificate}", f"--ssl-keyfile={files.key}"]
            ca = str(files.ca)
        url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        command = [sys.executable, "-m", "granian", *options, "--port", str(port), "rbacadmin.wsgi:application"]
        with log.open("w") as output:
            process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=output, stderr=output, text=True)
        try:
            wait_until_ready(process, f"{url}/", ca)
            assert process.poll() is None, log.read_text()
            yield Server(url, process=process, database=database, ca=ca)
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def environment_of(var: Path, database: str) -> dict[str, str]:
    """What the product is told: where its files and its rows are, and its master key."""
    return {
        **os.environ,
        "RBACADMIN_VAR_DIR": str(var),
        "RBACADMIN_MASTER_KEY": MASTER,
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "rbacadmin.settings",
    }


def set_up(environment: dict[str, str], pages: bool) -> None:
    """Make the tables, the initial organization and the secrets, in a process of the product's own settings."""
    command = [sys.executable, "-c", SET_UP, *(["pages"] if pages else [])]
    subprocess.run(command, check=True, env=environment, cwd=ROOT, capture_output=True)


def prepared(pages: bool) -> Path:
    """The files of a server that nobody has used yet, SQLite's among them: made once a run, copied for each server."""
    folder = Path(os.environ["RBACADMIN_VAR_DIR"]) / ("unused-with-pages" if pages else "unused")
    with folder.with_suffix(".lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)  # both workers of a run may want one at once
        if not folder.exists():
            with tempfile.TemporaryDirectory(dir=folder.parent) as made:
                set_up(environment_of(Path(made) / "var", ""), pages)
                (Path(made) / "var").rename(folder)  # last, so that half of it is never taken for the whole
    return folder


@contextmanager
def empty_database() -> Iterator[str]:
    """The URL of a database without any table; empty text on SQLite, where a server makes its own."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        yield ""
        return
    name, parts = f"serve_{uuid4().hex}", urlsplit(url)
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield parts._replace(path=f"/{name}").geturl()
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(server: subprocess.Popen[str], url: str, ca: str = "") -> None:
    """Return when readiness answers 200; give up when the server ends or two minutes are over."""
    until = time.monotonic() + 120
    while server.poll() is None and time.monotonic() < until:
        try:
            with urlopen(url + "health/readiness", timeout=5, context=trusting(ca)) as answer:
                assert answer.status == 200
                return
        except URLError:
            time.sleep(0.2)
