"""A real nginx with a configuration that we ship, and something behind it to protect."""

import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from tests.support import programs
from tests.support.answering import answering

TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@contextmanager
def nginx(configuration: str, folder: Path, port: int) -> Iterator[None]:
    """Run nginx until the block ends, its files in `folder`, as any user. Raises Unavailable, AssertionError."""
    program = programs.find("nginx")
    # Debian's is built to keep these where only root may write.
    kept = "".join(f"    {name}_temp_path {folder}/{name};\n" for name in TEMPORARY)
    file, log = folder / "nginx.conf", folder / "nginx.log"
    file.write_text(re.sub(r"^http \{\n", lambda found: found.group() + kept, configuration, flags=re.MULTILINE))
    globals_ = f"daemon off; pid {folder}/nginx.pid; error_log {log};"
    command = [program.path, "-p", str(folder), "-c", str(file), "-e", str(log), "-g", globals_]
    with (folder / "nginx.out").open("w") as output:
        process = subprocess.Popen(
            command, env={**os.environ, **program.environment}, stdout=output, stderr=output, text=True
        )
    try:
        until = time.monotonic() + 20
        while not answers(port):
            said = (folder / "nginx.out").read_text() + (log.read_text() if log.exists() else "")
            assert process.poll() is None, said
            assert time.monotonic() < until, said
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.connect()
    except OSError:
        return False
    finally:
        connection.close()
    return True


class Mirror(BaseHTTPRequestHandler):
    """Says 200 and, as JSON, the path and the headers that reached it."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.dumps({"path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer

    def log_message(self, format: str, *_args: Any) -> None:
        """Nobody reads it."""


@contextmanager
def mirror() -> Iterator[int]:
    """Something that nginx protects, and that tells what got through; gives its port."""
    with answering(Mirror) as port:
        yield port
