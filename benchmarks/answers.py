"""Answers over HTTP: many servers measured in turn, round after round, and what was admitted is settled in between."""

import json
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.request import Request, urlopen

from benchmarks import load
from benchmarks.servers import worked

AT_ONCE = 1_000  # calls in one report
USED = {"model": "bench", "prompt_tokens": 20, "completion_tokens": 100}


class Target(NamedTuple):
    """What is asked. `refused` is the part of the answers that should be refusals; `admits` leaves calls in flight."""

    url: str
    headers: Mapping[str, str]
    refused: float = 0
    admits: bool = False
    method: str = "GET"
    body: str = ""


@dataclass
class Taken:
    """What each round found for one target: answers in a second, and microseconds of processor time of each answer."""

    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    @property
    def cost(self) -> float:
        return statistics.median(self.costs)


class Ratio(NamedTuple):
    """One target against another, round by round: the median, the spread, and the same by processor time (0: none)."""

    value: float
    least: float
    most: float
    by_time: float

    def __str__(self) -> str:
        aside = f"; by processor time {self.by_time:.2f}" if self.by_time else ""
        return f"{self.least:.2f} to {self.most:.2f}{aside}"


def ratio(taken: Mapping[str, Taken], one: str, other: str) -> Ratio | None:
    """None when one of the two was not measured."""
    if one not in taken or other not in taken:
        return None
    found = [mine / theirs for mine, theirs in zip(taken[one].rates, taken[other].rates, strict=True)]
    by_time = taken[other].cost / taken[one].cost if taken[one].cost and taken[other].cost else 0.0
    return Ratio(statistics.median(found), min(found), max(found), by_time)


class Settling:
    """Reports, as a gateway does, what the calls used that a server of ours admitted: each is settled and written.

    Calls are told apart by the ids that the server counts up, so that nobody has to read every answer of the load.
    """

    def __init__(self, product: str, asking: Target, gateway: str) -> None:
        self.product, self.asking, self.gateway = product, asking, gateway
        self.until = self.number()[1]
        self.calls, self.seconds = 0, 0.0

    def number(self) -> tuple[str, int]:
        """Have one call admitted; gives its id, in the part that names the process and the one that counts."""
        with urlopen(Request(self.asking.url, headers=dict(self.asking.headers)), timeout=60) as answer:
            process, _, number = answer.headers["x-request-id"].rpartition("-")
        return process, int(number, 16)

    def settle(self) -> None:
        """Report all calls since the last time. Raises RuntimeError when one of them is not in flight any more."""
        process, last = self.number()
        before = worked(self.product)
        for start in range(self.until + 1, last + 1, AT_ONCE):
            names = [f"{process}-{number:x}" for number in range(start, min(start + AT_ONCE, last + 1))]
            content = json.dumps({"events": [{"request_id": name, **USED} for name in names]}).encode()
            headers = {"Authorization": f"Bearer {self.gateway}", "Content-Type": "application/json"}
            with urlopen(Request(f"{self.product}/gateway/usage", content, headers), timeout=60) as answer:
                told = json.load(answer)
            if told["recorded"] != len(names):
                raise RuntimeError(f"{len(names)} calls were reported, and {told['recorded']} recorded")
        self.seconds += worked(self.product) - before
        self.calls += last - self.until
        self.until = last


def measured(
    targets: Mapping[str, Target], rounds: int, seconds: float, settle: Callable[[], None]
) -> dict[str, Taken]:
    """Every target once in each round, in turn, so that a busy moment of the machine meets all of them.

    Raises RuntimeError when a target admits or refuses what it should not.
    """
    found = {name: Taken() for name in targets}
    for target in targets.values():
        load.load(target.url, target.headers, 1, target.method, target.body)  # warm
    settle()
    for number in range(rounds):
        order = [*targets][number % len(targets) :] + [*targets][: number % len(targets)]
        for name in order:
            target = targets[name]
            before = worked(target.url)
            rate = load.load(target.url, target.headers, seconds, target.method, target.body)
            found[name].costs.append((worked(target.url) - before) / (rate.per_second * seconds) * 1e6)
            if abs(rate.others - target.refused) > 0.001:
                wrong = f"{rate.others:.1%} of the answers were refusals, {target.refused:.0%} expected"
                raise RuntimeError(f"{name}: {wrong}")
            found[name].rates.append(rate.per_second)
            if target.admits:
                settle()
    return found
