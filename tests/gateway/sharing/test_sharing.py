"""Rate limits of several processes, through a real Redis; each `Sharing` here stands for a process."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from gateway.admission import meters
from gateway.admission.meters import Meter
from gateway.sharing.meters import SharedMeter, part
from gateway.sharing.process import Sharing
from tests.gateway.live.conftest import unavailable
from tests.support import programs
from tests.support import redis as support

pytestmark = pytest.mark.sqlite

NOON = 1_800_000_000.0  # the beginning of a minute
PROCESSES = 4


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[support.Server]:
    try:
        with support.redis(tmp_path_factory.mktemp("redis")) as running:
            yield running
    except programs.Unavailable as reason:
        unavailable(reason)


class Process:
    """A process with one meter. `known` makes its meters visible to its own sharing only."""

    def __init__(self, url: str, ident: UUID, limits: tuple[int | None, int | None, int | None], now: float = NOON):
        self.sharing = Sharing(url)
        self.beat(now)
        self.meter: SharedMeter = self.sharing.meter("key", ident, "key")
        self.meter.limit(*limits, now)

    def beat(self, now: float) -> None:
        kept = dict(meters._meters)
        meters._meters.clear()
        if hasattr(self, "meter"):
            meters._meters[self.meter.id, ""] = self.meter
        self.sharing.beat(now)
        meters._meters.clear()
        meters._meters.update(kept)

    def call(self, now: float = NOON, tokens: int = 0) -> bool:
        """One call, as `admit` makes it."""
        meter = self.meter
        if meter.short_of(tokens):
            self.sharing.refill([meter], tokens, now)
            meter.sync(now)
            if meter.short_of(tokens):
                return False
        meter.requests -= 1
        meter.tokens -= tokens
        meter.parallel -= 1
        return True

    def end(self) -> None:
        self.meter.parallel += 1


def processes(url: str, *limits: int | None, count: int = PROCESSES) -> list[Process]:
    ident = uuid4()
    rpm, tpm, most = limits
    return [Process(url, ident, (rpm, tpm, most)) for _ in range(count)]


def taken(running: list[Process], rounds: int, now: float = NOON, tokens: int = 0) -> int:
    return sum(one.call(now, tokens) for _ in range(rounds) for one in running)


@pytest.mark.parametrize("limit", [0, 1, 7, 100, 1000])
def test_all_processes_together_keep_to_the_limit_and_use_it(server: support.Server, limit: int) -> None:
    running = processes(server.url, limit, None, None)
    total = taken(running, 400)
    assert total <= limit
    assert total >= limit * 0.99


def test_one_process_alone_may_use_all_of_it(server: support.Server) -> None:
    first, *_others = processes(server.url, 500, None, None)
    assert sum(first.call() for _ in range(600)) == 500


def test_a_window_slides_over_all_processes(server: support.Server) -> None:
    running = processes(server.url, 100, None, None)
    assert taken(running, 50) == 100
    assert taken(running, 50, NOON + 60) == 0
    for one in running:
        one.beat(NOON + 61)
    half = taken(running, 50, NOON + 90)
    assert 45 <= half <= 50
    assert taken(running, 100, NOON + 180.5) >= 99 - half


def test_tokens_are_shared_and_what_was_not_used_is_there_again(server: support.Server) -> None:
    running = processes(server.url, None, 10_000, None)
    assert taken(running, 3, tokens=2_000) == 5
    assert not running[0].call(tokens=500)
    running[0].meter.correct(-1_500, int(NOON // 60))
    assert running[0].call(tokens=500)


def test_tokens_beyond_the_reservation_count_for_everybody(server: support.Server) -> None:
    first, second, *_ = processes(server.url, None, 10_000, None)
    assert first.call(tokens=100)
    first.meter.correct(9_500, int(NOON // 60))
    first.meter.sync(NOON)
    first.beat(NOON)
    assert not second.call(tokens=1_000)


def test_parallel_calls_are_counted_over_all_processes(server: support.Server) -> None:
    running = processes(server.url, None, None, 6)
    assert taken(running, 5) == 6
    running[0].end()
    assert running[0].call()
    running[0].end()
    for one in running:
        one.beat(NOON + 1)
    assert running[1].call()
    assert not running[2].call()


def test_a_process_that_died_holds_no_parallel_call(server: support.Server) -> None:
    dead, alive = processes(server.url, None, None, 3, count=2)
    assert taken([dead], 5) == 3
    alive.beat(NOON + 4)
    assert not alive.call(NOON + 4)
    alive.beat(NOON + 10)
    assert alive.call(NOON + 10)


def test_few_round_trips_for_many_calls(server: support.Server) -> None:
    first, *_ = processes(server.url, 10_000, None, None)
    asked = 0
    whole = first.sharing.ask

    def counted(*given: object) -> list[int]:
        nonlocal asked
        asked += 1
        return whole(*given)  # type: ignore[arg-type]

    first.sharing.ask = counted  # type: ignore[method-assign]
    assert sum(first.call() for _ in range(5_000)) == 5_000
    assert asked <= 60


def test_a_lowered_limit_binds_at_once(server: support.Server) -> None:
    first, *_ = processes(server.url, 1_000, None, 5)
    assert first.call()
    first.meter.limit(1, None, 5, NOON)
    assert not first.call()
    first.meter.limit(0, None, 0, NOON)
    assert not first.call()


def test_while_redis_is_away_each_process_keeps_to_its_part_and_then_they_share_again(tmp_path: Path) -> None:
    """The bound: what was taken already, and then the limit once more at most."""
    try:
        with support.redis(tmp_path) as server:
            running = processes(server.url, 40, None, 8)
            for one in running:
                one.beat(NOON)
            assert {one.sharing.mode for one in running} == {"shared"}
            before = taken(running, 4)
            assert before == 8  # in flight: no more at a time
            server.stop()
            for one in running:
                one.beat(NOON + 1)
            assert {one.sharing.mode for one in running} == {"divided"}
            assert running[0].meter.limit_of("requests")[0] == 10
            assert taken(running, 20, NOON + 1) == 0  # their parts of the parallel calls are in use
            for one in running:
                while one.meter.flying:
                    one.end()
            assert taken(running, 20, NOON + 1) == 8
            for one in running:
                while one.meter.flying:
                    one.end()
            server.start()
            for one in running:
                one.beat(NOON + 2)
            assert {one.sharing.mode for one in running} == {"shared"}
            for one in running:
                one.beat(NOON + 2)
            assert taken(running, 1, NOON + 2) <= PROCESSES
    except programs.Unavailable as reason:
        unavailable(reason)


def test_without_redis_limits_are_divided_and_say_so() -> None:
    sharing = Sharing("", PROCESSES)
    meter = sharing.meter("key", uuid4(), "key")
    meter.limit(100, None, None, NOON)
    assert sharing.mode == "divided"
    assert meter.limit_of("requests") == (25, 25)
    assert (part(None, 4), part(0, 4), part(3, 4), part(9, 4), part(9, 1)) == (None, 0, 1, 2, 9)


def test_a_process_alone_counts_as_one_that_never_shares() -> None:
    alone, plain = Sharing("").meter("key", uuid4(), "key"), Meter("key", uuid4(), "key")
    for meter in (alone, plain):
        meter.limit(3, 100, 2, NOON)
    for now in (NOON, NOON + 1, NOON + 61, NOON + 200):
        for meter in (alone, plain):
            meter.sync(now)
            meter.requests -= 1
            meter.tokens -= 30
        assert (alone.requests, alone.tokens, alone.parallel) == (plain.requests, plain.tokens, plain.parallel)
