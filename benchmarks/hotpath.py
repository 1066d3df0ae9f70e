"""The table of the gateway's speed, as ratios in one run on one machine: `python -m benchmarks hotpath`.

    python -m benchmarks hotpath --json FILE            # and the numbers behind the ratios
    python -m benchmarks hotpath --peer litellm         # installs LiteLLM's proxy in .cache/ and measures it too
    python -m benchmarks hotpath --only http --seconds 1 --rounds 9
    python -m benchmarks hotpath --only http --threads 1   # all servers with one thread, as prototypes were measured

Everything is the shipped code with the shipped flags. The key has models, a budget, and limits of requests, tokens and
parallel calls at key, team member, team, project and organization; usage recording is on, and what is admitted in a
round is reported, settled and written before the next. Servers run at once, and are measured in turn over several
rounds, so that a busy moment of the machine meets all of them; the median of the rounds counts. The load
generator, the servers and nginx share the machine: only ratios mean anything.
"""

import argparse
import json
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks import load, peer
from benchmarks.answers import Ratio, Settling, Taken, Target, measured, ratio
from benchmarks.servers import granian, world
from tests.support.nginx import nginx
from tests.support.server import ROOT, free_port

PARTS = ("http", "process", "nginx", "ingestion", "overshoot", "revocation", "peer")
JUNK = "sk-u_" + "x" * 38
CALL = {"x-original-uri": "/v1/chat/completions", "x-model": "bench"}
STATIC = """
    server {{ listen 127.0.0.1:{upstream}; access_log off; location / {{ default_type text/plain; return 200 "ok"; }} }}
    server {{ listen 127.0.0.1:{open}; location / {{
        proxy_pass http://models; proxy_http_version 1.1; proxy_set_header Connection ""; }} }}
}}
"""


@dataclass
class Row:
    """One line of the table. `floor` and `aim` are what the ratio should reach; microseconds should stay below."""

    what: str
    value: float | None
    floor: float
    aim: float
    unit: str = "x"
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.value is None:
            return "not measured"
        below = self.unit in ("us", "%", "ms")
        sign = -1 if below else 1
        reached = [sign * self.value >= sign * goal for goal in (self.aim, self.floor)]
        return "aim" if reached[0] else "floor" if reached[1] else "MISSED"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("benchmarks hotpath", description=__doc__.partition("\n")[0])
    parser.add_argument("--json", type=Path, help="write the table and the numbers behind it")
    parser.add_argument("--peer", choices=["litellm"], help="install the peer in .cache/ and measure it")
    parser.add_argument("--only", choices=PARTS, action="append", help="these parts alone")
    parser.add_argument("--seconds", type=float, default=2, help="of each measurement; a process holds 100,000 calls")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, help="of granian, for all servers; else what bin/serve gives it")
    options = parser.parse_args(arguments)
    parts = set(options.only or PARTS) - (set() if options.peer else {"peer"})
    numbers: dict[str, Any] = {"generator": load.generator(), "machine": platform.platform()}
    with tempfile.TemporaryDirectory(prefix="rbacadmin-bench-") as folder:
        rows = table_of(parts, options, Path(folder), numbers)
    show(rows, numbers)
    if options.json:
        table = [{**asdict(row), "verdict": row.verdict} for row in rows]
        options.json.write_text(json.dumps({"table": table, "numbers": numbers}, indent=2) + "\n")
    return 1 if any(row.verdict == "MISSED" for row in rows) else 0


def table_of(parts: set[str], options: argparse.Namespace, folder: Path, numbers: dict[str, Any]) -> list[Row]:
    """All rows of the table; what is not among `parts` has no value."""
    taken = over_http(parts, options, folder, numbers) if parts & {"http", "nginx", "peer"} else {}
    numbers["over HTTP"] = {name: asdict(found) for name, found in taken.items()}
    process = in_process() if "process" in parts else {}
    numbers["microseconds in process"] = process
    ingestion = told_by("ingestion") if "ingestion" in parts else []
    overshoot = told_by("overshoot") if "overshoot" in parts else []
    numbers["ingestion"], numbers["overshoot"] = ingestion, overshoot
    revocation = told_by("revocation") if "revocation" in parts else []
    numbers["revocation"] = revocation
    used = 100 * overshoot[1][1] if overshoot else None
    return [
        versus(
            ratio(taken, "decision", "hello"),
            "warm decision over HTTP, all levels / raw hello of the server",
            0.50,
            0.65,
        ),
        versus(ratio(taken, "decision", "bare Django view"), "the same / bare Django view", 4, 6, ceiling_of(taken)),
        versus(ratio(taken, "decision", "LiteLLM"), "the same / LiteLLM's own virtual-key authentication", 50, 200),
        Row("decision in process, 5 levels", process.get("decision (both)"), 8, 3, "us"),
        versus(ratio(taken, "nginx asking", "nginx alone"), "nginx with the auth request / without", 0.30, 0.45),
        Row(
            "usage ingestion with exact rollups / one upsert per event", ingestion[0][1] if ingestion else None, 10, 20
        ),
        Row(
            "budget overshoot, 64 in flight, 4 processes",
            *(None if used is None else max(0.0, used - 100), 0, 0, "%"),
            note=f"{used:.1f} % used" if used is not None else "",
        ),
        versus(ratio(taken, "junk", "decision"), "refusing junk keys / accepting good ones", 0.9, 1.2),
        Row(
            "another process obeys a change, median of 40",
            *(revocation[0][1] if revocation else None, 50, 15, "ms"),
            note=f"worst {revocation[1][1]:.0f} ms" if revocation else "",
        ),
    ]


def versus(found: Ratio | None, what: str, floor: float, aim: float, more: str = "") -> Row:
    """The row of a ratio over HTTP, with its spread and what there is to say besides."""
    return Row(what, None, floor, aim) if found is None else Row(what, found.value, floor, aim, note=f"({found}){more}")


def ceiling_of(taken: Mapping[str, Taken]) -> str:
    """How many bare views the least answer of the same server is: no decision can be more."""
    found = ratio(taken, "hello", "bare Django view")
    return f"; a raw hello {found.value:.2f} ({found})" if found else ""


def over_http(parts: set[str], options: argparse.Namespace, folder: Path, numbers: dict[str, Any]) -> dict[str, Taken]:
    """What every target takes over HTTP, in interleaved rounds. Each must answer as it should."""
    environment, secret, gateway = world(folder)
    more = [f"--blocking-threads={options.threads}"] if options.threads else []
    good = {**CALL, "authorization": f"Bearer {secret}"}
    with ExitStack() as stack:
        product = stack.enter_context(granian("rbacadmin.wsgi:application", environment, folder, *more))
        decision = Target(f"{product}/gateway/auth-request", good, admits=True)
        targets = {"decision": decision}
        if "http" in parts:
            hello = stack.enter_context(granian("benchmarks.targets:hello", environment, folder, *more))
            bare = stack.enter_context(granian("benchmarks.bare_django:application", environment, folder, *more))
            targets["hello"] = Target(f"{hello}/hello", {})
            targets["bare Django view"] = Target(f"{bare}/hello", {})
            targets["junk"] = Target(decision.url, {**good, "authorization": f"Bearer {JUNK}"}, refused=1)
        if "nginx" in parts:
            asking, alone = stack.enter_context(proxy(product, folder))
            targets["nginx alone"] = Target(f"http://127.0.0.1:{alone}/", good)
            targets["nginx asking"] = Target(f"http://127.0.0.1:{asking}/v1/chat/completions", good, admits=True)
        if "peer" in parts:
            targets["LiteLLM"] = stack.enter_context(peer.litellm(folder))
        settling = Settling(product, decision, gateway)
        found = measured(targets, options.rounds, options.seconds, settling.settle)
    numbers["settled"] = {"calls": settling.calls, "microseconds": settling.seconds / settling.calls * 1e6}
    return found


@contextmanager
def proxy(product: str, folder: Path) -> Iterator[tuple[int, int]]:
    """The shipped nginx configuration in front of a static page, and the same without asking; gives both ports."""
    asking, alone, upstream = free_port(), free_port(), free_port()
    text = (ROOT / "docs" / "gateway" / "nginx.conf").read_text()
    for old, new in {
        "server 127.0.0.1:8000;": f"server {product.removeprefix('http://')};",
        "server 127.0.0.1:4000;": f"server 127.0.0.1:{upstream};",
        "listen 8080;": f"listen 127.0.0.1:{asking};",
        "worker_processes auto;": "worker_processes 1;",
    }.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    text = text.rstrip().removesuffix("}") + STATIC.format(upstream=upstream, open=alone)
    with nginx(text, folder, asking):
        yield asking, alone


def in_process() -> dict[str, float]:
    """Microseconds of the steps, in a process of its own."""
    found: dict[str, float] = told(
        "from benchmarks.decision import *; import json; print(json.dumps(measure(prepare())))"
    )
    return found


def told_by(module: str) -> list[tuple[str, float, float, float]]:
    """The rows of another benchmark (name, ratio, floor, aim), measured in a process and a database of its own."""
    found: list[tuple[str, float, float, float]] = told(
        f"import json; from benchmarks import {module}; from benchmarks.prepared import database\n"
        f"with database(): found = [tuple(row) for row in {module}.rows()]\n"
        "print(json.dumps(found))"
    )
    return found


def told(code: str) -> Any:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout.strip().splitlines()[-1])


def show(rows: list[Row], numbers: Mapping[str, Any]) -> None:
    print(f"\nload generator: {numbers['generator']}; ratios of one run, on {numbers['machine']}\n")
    print(f"{'what':70} {'measured':>10} {'at least':>9} {'aim':>7}  verdict")
    for row in rows:
        unit = "" if row.unit == "x" else f" {row.unit}"
        value = "-" if row.value is None else f"{row.value:.2f}{unit}"
        print(f"{row.what:70} {value:>10} {row.floor:>9g} {row.aim:>7g}  {row.verdict} {row.note}")
    for name, found in numbers["over HTTP"].items():
        taken = Taken(**found)
        rates = f"{taken.rate:>9,.0f} answers/s ({min(taken.rates):,.0f} to {max(taken.rates):,.0f})"
        times = f"{taken.cost:.1f} us of processor time each ({min(taken.costs):.1f} to {max(taken.costs):.1f})"
        print(f"    {name:30} {rates}{f', {times}' if taken.cost else ''}")
    if settled := numbers.get("settled"):
        print(f"    {'settled and written':30} {settled['calls']:>9,} calls, {settled['microseconds']:.1f} us each")
    for name, microseconds in numbers["microseconds in process"].items():
        print(f"    {name:30} {microseconds:>12.2f} us")
