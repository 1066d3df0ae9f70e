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
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.support import chromium, clients, postgres


@dataclass(frozen=True)
class Leg:
    name: str
    arguments: tuple[str, ...]
    find: Callable[[], object] = lambda: None  # raises Unavailable when the leg cannot run here


def find_postgres() -> None:
    if not os.environ.get("TEST_DATABASE_URL"):
        postgres.binaries()


LEGS = (
    Leg("SQLite", ("--db=sqlite", "-m", "not browser and not clients", "-n", "2")),
    Leg("PostgreSQL", ("--db=postgres", "-m", "not browser and not clients", "-n", "2"), find_postgres),
    # One process: two Chromiums on two cores only wait for each other.
    Leg("browser", ("--db=sqlite", "-m", "browser"), chromium.find),
    # One process: it starts one server for all of them.
    Leg("clients", ("--db=sqlite", "-m", "clients"), clients.find),
)


def main() -> int:
    """Run every leg, whatever became of those before it, and sum up."""
    in_ci = os.environ.get("CI", "").lower() in ("true", "1")
    lines, total, failed = [], Counter[str](), False
    for leg in LEGS:
        print(f"\n==> Tests: {leg.name}", flush=True)
        try:
            leg.find()
        except (postgres.Unavailable, chromium.Unavailable, clients.Unavailable) as reason:
            failed |= in_ci
            lines.append(f"{'FAILED' if in_ci else 'NOT RUN'}  {leg.name}: {reason}")
            print(reason, flush=True)
            continue
        code, counts, seconds = run(leg)
        failed |= code != 0  # 5, no test at all, is a failure: a leg without tests shows nothing
        total += Counter(counts)
        told = (
            ", ".join(f"{count} {name}" for name, count in counts.items() if count) or f"pytest ended with code {code}"
        )
        lines.append(f"{'FAILED' if code else 'passed'}  {leg.name}: {told} in {seconds:.0f} s")
    print("\n==> Summary", *lines, sep="\n    ")
    print(
        f"{total['passed']} passed, {total['failed'] + total['error']} failed, {total['skipped']} skipped", flush=True
    )
    return 1 if failed else 0


def run(leg: Leg) -> tuple[int, dict[str, int], float]:
    """Run one leg; give pytest's exit code, the counts per outcome and the seconds that it took."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        environment = {**os.environ, "LEG_REPORT": str(report)}
        code = subprocess.call([sys.executable, "-m", "pytest", *leg.arguments], env=environment)
        counts = json.loads(report.read_text()) if report.exists() else {}
    return code, counts, time.monotonic() - started


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
