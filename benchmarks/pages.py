"""What every screen of the dashboard costs: server time and queries, on the demo company, for each role.

    python -m benchmarks.pages                    # every screen of the platform's administrator
    python -m benchmarks.pages --as member
    python -m benchmarks.pages --only home --profile

Every page is asked for once to warm up, then in interleaved rounds, so that a busy moment of the machine meets all of
them; the table shows milliseconds, the slowest first. "cpu" is the median of what this process worked, which is about
what the page takes on an idle core, whoever else keeps the machine busy; "best" is the best round of that, and "wall"
the median by the clock. The whole request is measured, in this process: middleware, view and template, without a
socket. The demo company is the one of `bin/screenshots`.
"""

import argparse
import cProfile
import pstats
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from tests.support.screenshots import prepare

GOAL = 50.0  # milliseconds of server time for each page


def main() -> int:
    parser = argparse.ArgumentParser("benchmarks.pages", description=__doc__)
    parser.add_argument("--as", dest="role", default="platform", help="whose pages")
    parser.add_argument("--only", default="", help="screens whose name contains this")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--profile", action="store_true", help="say where the time goes, and every query")
    options = parser.parse_args()
    prepare()

    from tests.support.screens import screens

    get = visitor(options.role)
    named = {name: path for name, path in screens(options.role).items() if options.only in name}
    chosen = {name: path for name, path in named.items() if get(path).status_code < 300}  # others are not theirs
    if options.profile:
        for path in chosen.values():
            profile(get, path)
        return 0
    asked = {name: queries(get, path) for name, path in chosen.items()}  # and everything is warm
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in chosen}
    for _ in range(options.rounds):
        for name, path in chosen.items():
            worked, started = time.process_time(), time.perf_counter()
            get(path)
            taken[name].append(((time.process_time() - worked) * 1000, (time.perf_counter() - started) * 1000))
    return report(chosen, asked, taken)


def visitor(role: str) -> Callable[[str], Any]:
    """Asks for a page as somebody of the demo company who has signed in."""
    from django.test import Client

    from tests.support.screens import session_of

    client = Client(HTTP_HOST="localhost")
    cookie = session_of(role)
    client.cookies[cookie["name"]] = cookie["value"]

    return client.get


def queries(get: Callable[[str], Any], path: str) -> list[str]:
    """The statements of one request, when everything is warm."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    get(path)
    with CaptureQueriesContext(connection) as captured:
        get(path)
    return [query["sql"] for query in captured.captured_queries]


def profile(get: Callable[[str], Any], path: str) -> None:
    """Print every statement of one request, and the functions that took the longest."""
    for number, statement in enumerate(queries(get, path), 1):
        print(f"{number:3} {statement[:400]}")
    profiler = cProfile.Profile()
    profiler.runcall(get, path)
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(70)


def report(chosen: dict[str, str], asked: dict[str, list[str]], taken: dict[str, list[tuple[float, float]]]) -> int:
    """Print the table; the exit code says whether every page keeps to the goal."""
    cpu = {name: statistics.median(worked for worked, _ in times) for name, times in taken.items()}
    wall = {name: statistics.median(passed for _, passed in times) for name, times in taken.items()}
    best = {name: min(worked for worked, _ in times) for name, times in taken.items()}
    print(f"{'screen':24}{'cpu ms':>8}{'best':>8}{'wall ms':>9}{'queries':>9}  address")
    for name in sorted(chosen, key=lambda each: -cpu[each]):
        slow = " <- slow" if cpu[name] > GOAL else ""
        numbers = f"{cpu[name]:8.1f}{best[name]:8.1f}{wall[name]:9.1f}{len(asked[name]):9}"
        print(f"{name:24}{numbers}  {chosen[name][:60]}{slow}")
    over = sum(value > GOAL for value in cpu.values())
    print(f"{len(chosen)} screens, {over} over {GOAL:.0f} ms, slowest {max(cpu.values()):.1f} ms")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
