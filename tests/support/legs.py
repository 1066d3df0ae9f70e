"""The whole suite, leg by leg: `python -m tests.support.legs`. Exit code 0 only if no leg failed.

A leg that cannot run on this machine says why. With CI=true that is a failure too.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tests.support import chromium, clients, postgres


@dataclass(frozen=True)
class Leg:
    name: str
    arguments: tuple[str, ...]
    find: Callable[[], object] = lambda: None  # raises Unavailable when the leg cannot run here


def find_postgres() -> None:
    if not os.environ.get("TEST_DATABASE_URL"):
        postgres.binaries()


WITHOUT_OTHERS = ("-m", "not browser and not clients", "-n", "2")
# Legs of one line run side by side: who waits for a browser or a server leaves a core to the other.
LINES = (
    (Leg("SQLite", ("--db=sqlite", *WITHOUT_OTHERS)),),
    (Leg("PostgreSQL", ("--db=postgres", *WITHOUT_OTHERS), find_postgres),),
    (
        # One process each: two Chromiums on two cores only wait for each other, and the clients share one server.
        Leg("browser", ("--db=sqlite", "-m", "browser"), chromium.find),
        Leg("clients", ("--db=sqlite", "-m", "clients"), clients.find),
    ),
)


@dataclass(frozen=True)
class Told:
    """What became of a leg: one line of the summary, and the counts per outcome."""

    failed: bool
    line: str
    counts: dict[str, int] = field(default_factory=dict)


def main() -> int:
    """Run every leg, whatever became of those before it, and sum up."""
    started = time.monotonic()
    told = [found for line in LINES for found in run_line(line)]
    total = sum((Counter(found.counts) for found in told), Counter[str]())
    print("\n==> Summary", *(found.line for found in told), sep="\n    ")
    print(
        f"{total['passed']} passed, {total['failed'] + total['error']} failed, {total['skipped']} skipped"
        f" in {time.monotonic() - started:.0f} s",
        flush=True,
    )
    return 1 if any(found.failed for found in told) else 0


def run_line(line: Sequence[Leg]) -> list[Told]:
    """Run the legs side by side. The first speaks as it goes, what the others said follows when they are done."""
    told, able = [], []
    for leg in line:
        try:
            leg.find()
            able.append(leg)
        except (postgres.Unavailable, chromium.Unavailable, clients.Unavailable) as reason:
            in_ci = os.environ.get("CI", "").lower() in ("true", "1")
            told.append(Told(in_ci, f"{'FAILED' if in_ci else 'NOT RUN'}  {leg.name}: {reason}"))
            print(f"\n==> Tests: {leg.name}", reason, sep="\n", flush=True)
    with ThreadPoolExecutor(max(len(able), 1)) as pool:
        aloud = [pool.submit(run, leg, None) for leg in able[:1]]
        with ExitStack() as files:
            quiet = [files.enter_context(tempfile.TemporaryFile("w+", errors="replace")) for _ in able[1:]]
            others = [pool.submit(run, *pair) for pair in zip(able[1:], quiet, strict=True)]
            told += [future.result() for future in aloud]
            for leg, future, said in zip(able[1:], others, quiet, strict=True):
                told.append(future.result())
                said.seek(0)
                print(f"\n==> Tests: {leg.name}", said.read(), sep="\n", flush=True)
    return told


def run(leg: Leg, output: IO[str] | None) -> Told:
    """Run one leg; its output goes to the file, or to where ours goes."""
    started = time.monotonic()
    if output is None:
        print(f"\n==> Tests: {leg.name}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        environment = {**os.environ, "LEG_REPORT": str(report)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # six processes import the same thousand modules
        command = [sys.executable, "-m", "pytest", *leg.arguments]
        code = subprocess.call(command, env=environment, stdout=output, stderr=output and subprocess.STDOUT)
        counts: dict[str, int] = json.loads(report.read_text()) if report.exists() else {}
    # 5, no test at all, is a failure: a leg without tests shows nothing
    found = ", ".join(f"{count} {name}" for name, count in counts.items() if count) or f"pytest ended with code {code}"
    took = time.monotonic() - started
    return Told(code != 0, f"{'FAILED' if code else 'passed'}  {leg.name}: {found} in {took:.0f} s", counts)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
