"""Another process of the product, which hears of changes: when it first answers a key otherwise."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from tests.support.server import ROOT

LISTENS = """
import sys, time
import django
django.setup()
from gateway import admission
from gateway.admission import listening
secret = sys.stdin.readline().strip()
listener = listening.start()
assert listener.ready.wait(20)
def status():
    try:
        admission.authenticate(secret)
        return 200
    except admission.Refused as refused:
        return refused.refusal.status
before = status()
print(before, flush=True)
end = time.time() + 60
while time.time() < end:
    now = status()
    if now != before:
        before = now
        print(time.time(), flush=True)
    time.sleep(0.0005)
"""


@contextmanager
def listening(secret: str, environment: Mapping[str, str]) -> Iterator[Callable[[], float]]:
    """A process that watches a key which may call; `obeyed()` waits for its answer to change; epoch seconds.

    It gives up after a minute: ValueError.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", LISTENS],
        env={**environment},
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        process.stdin.write(secret + "\n")
        process.stdin.flush()
        if (first := process.stdout.readline()) != "200\n":
            raise ValueError(f"the other process answers {first!r}")
        yield lambda: float(process.stdout.readline())  # type: ignore[union-attr]
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def delays(changes: int, change: Callable[[int], object], obeyed: Callable[[], float]) -> list[float]:
    """Seconds from the moment when each change was answered to the other process's obeying it, the least first."""
    found = []
    for number in range(changes):
        change(number)
        answered = time.time()
        found.append(max(0.0, obeyed() - answered))
    return sorted(found)


def told(found: list[float]) -> str:
    """The delays in words."""
    return f"median {statistics.median(found) * 1000:.1f} ms, worst {found[-1] * 1000:.1f} ms of {len(found)}"
