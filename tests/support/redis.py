"""A real Redis (or Valkey) that lives as long as a block, and can go away and come back in between."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from tests.support import programs
from tests.support.server import free_port


class Server:
    """A Redis on a port of its own, without persistence."""

    def __init__(self, folder: Path) -> None:
        self.program = programs.find("redis-server")
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Returns when it answers."""
        given = {"port": str(self.port), "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": str(self.folder)}
        command = [self.program.path, *(part for name, value in given.items() for part in (f"--{name}", value))]
        environment = {**os.environ, **self.program.environment}
        with (self.folder / "redis.log").open("a") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, text=True)
        until = time.monotonic() + 20
        while True:
            try:
                with Redis.from_url(self.url) as client:
                    client.ping()
                return
            except RedisError:
                assert self.process.poll() is None, (self.folder / "redis.log").read_text()
                assert time.monotonic() < until
                time.sleep(0.02)

    def stop(self) -> None:
        """It is gone at once, and forgets everything."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def redis(folder: Path) -> Iterator[Server]:
    """Raises Unavailable."""
    server = Server(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
