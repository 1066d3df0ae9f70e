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
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
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
AXE = "tests/browser/test_axe.py"
# Lanes of one line run side by side, the legs of a lane one after the other: who waits for a browser or a server
# leaves a core to the other. One process each: the clients share one server, and axe is work for the browser alone.
LINES = (
    ((Leg("SQLite", ("--db=sqlite", *WITHOUT_OTHERS)),),),
    ((Leg("PostgreSQL", ("--db=postgres", *WITHOUT_OTHERS), find_postgres),),),
    (
        (Leg("browser", ("--db=sqlite", "-m", "browser", f"--ignore={AXE}"), chromium.find),),
        (
            Leg("clients", ("--db=sqlite", "-m", "clients"), clients.find),
            Leg("axe", ("--db=sqlite", AXE), chromium.find),
        ),
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


def run_line(lanes: Sequence[Sequence[Leg]]) -> list[Told]:
    """Run the lanes side by side. The first speaks as it goes, what the others said follows when all are done."""
    told = [found for lane in lanes for leg in lane if (found := missing(leg))]
    able = [[leg for leg in lane if not missing(leg)] for lane in lanes]
    with ThreadPoolExecutor(max(len(able), 1)) as pool, ExitStack() as files:
        said = {
            leg: files.enter_context(tempfile.TemporaryFile("w+", errors="replace"))
            for lane in able[1:]
            for leg in lane
        }
        running = [pool.submit(run_lane, lane, said) for lane in able]
        told += [found for future in running for found in future.result()]
        for leg, file in said.items():
            file.seek(0)
            print(f"\n==> Tests: {leg.name}", file.read(), sep="\n", flush=True)
    return told


@cache
def missing(leg: Leg) -> Told | None:
    """What to say of a leg that cannot run on this machine. Looked for once: it may be fetched."""
    try:
        leg.find()
    except (postgres.Unavailable, chromium.Unavailable, clients.Unavailable) as reason:
        in_ci = os.environ.get("CI", "").lower() in ("true", "1")
        print(f"\n==> Tests: {leg.name}", reason, sep="\n", flush=True)
        return Told(in_ci, f"{'FAILED' if in_ci else 'NOT RUN'}  {leg.name}: {reason}")
    return None


def run_lane(legs: Sequence[Leg], said: Mapping[Leg, IO[str]]) -> list[Told]:
    """Run the legs one after the other. Those with a file speak into it."""
    return [run(leg, said.get(leg)) for leg in legs]


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
