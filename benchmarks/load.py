"""Load for HTTP servers: wrk where it can be had, else a small generator of our own. For ratios in one run only."""

import os
import re
import socket
import subprocess
import threading
import time
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.support import programs

CONNECTIONS = 32


class Rate(NamedTuple):
    """Answers in a second, and those that were not 2xx or 3xx, of all."""

    per_second: float
    others: float


def generator() -> str:
    """`wrk`, or `python`."""
    try:
        programs.find("wrk")
    except programs.Unavailable:
        return "python"
    return "wrk"


def load(url: str, headers: Mapping[str, str], seconds: float, method: str = "GET", body: str = "") -> Rate:
    """Ask as fast as it goes, over kept connections."""
    return (wrk if generator() == "wrk" else threads)(url, headers, seconds, method, body)


def wrk(url: str, headers: Mapping[str, str], seconds: float, method: str, body: str) -> Rate:
    program = programs.find("wrk")
    command = [program.path, "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s"]
    command += [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    environment = {**os.environ, **program.environment}
    script = ""
    if method != "GET":
        script = f"{os.environ.get('TMPDIR', '/tmp')}/rbacadmin-wrk-{os.getpid()}.lua"
        with open(script, "w") as file:
            file.write(f"wrk.method = {method!r}\nwrk.body = [[{body}]]\n")
        command += ["-s", script]
    try:
        told = subprocess.run([*command, url], check=True, capture_output=True, text=True, env=environment).stdout
    finally:
        if script:
            os.unlink(script)
    total = int(re.search(r"(\d+) requests in", told)[1])  # type: ignore[index]
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])  # type: ignore[index]
    return Rate(rate, int(failed[1]) / total if failed and total else 0.0)


def threads(url: str, headers: Mapping[str, str], seconds: float, method: str, body: str) -> Rate:
    """Ours: a few connections that send several requests at a time, or it would measure itself."""
    parts = urlsplit(url)
    lines = [
        f"{method} {parts.path or '/'} HTTP/1.1",
        f"host: {parts.netloc}",
        *(f"{k}: {v}" for k, v in headers.items()),
    ]
    if body:
        lines.append(f"content-length: {len(body.encode())}")
    request = ("\r\n".join(lines) + "\r\n\r\n" + body).encode()
    counts, others = [0] * 4, [0] * 4
    until = time.monotonic() + seconds

    def run(number: int) -> None:
        with socket.create_connection((parts.hostname or "", parts.port or 80)) as wire:
            rest = b""
            while time.monotonic() < until:
                wire.sendall(request * 8)
                answered = 0
                while answered < 8:
                    head, mark, after = rest.partition(b"\r\n\r\n")
                    if not mark:
                        rest += wire.recv(65536)
                        continue
                    length = re.search(rb"content-length: (\d+)", head.lower())
                    size = int(length[1]) if length else 0
                    while len(after) < size:
                        after += wire.recv(65536)
                    rest = after[size:]
                    answered += 1
                    others[number] += head[9:10] not in b"23"
                counts[number] += 8

    started = time.monotonic()
    running = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    total = sum(counts)
    return Rate(total / (time.monotonic() - started), sum(others) / total if total else 0.0)
