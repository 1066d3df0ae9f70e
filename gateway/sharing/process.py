"""How this process shares limits with others: through Redis, alone with its part, or alone with everything."""

import os
import threading
import time
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from gateway.admission import meters
from gateway.admission.meters import WINDOW
from gateway.ledger.purse import guard
from gateway.sharing.meters import Back, SharedMeter, Want
from gateway.sharing.script import ALIVE, KEEP, PROCESSES, TAKE, slots_key, window_key

BEAT = 1.0  # seconds between signs of life: how long a parallel call that ended elsewhere may still be held
TIMEOUT = 0.25  # seconds; only the calls that notice first wait that long when Redis goes away
UNLIMITED = -1

logger = structlog.stdlib.get_logger(__name__)


class Sharing:
    """This process among those that share. `url` of Redis or Valkey; empty: limits are divided by `processes`."""

    def __init__(self, url: str, processes: int = 1) -> None:
        self.name = os.urandom(8).hex()
        self.least = self.processes = processes
        self.connected = False
        self.reason = ""
        self.stopped = threading.Event()
        self.redis: Redis | None = None
        if url:
            retry = Retry(NoBackoff(), 0)
            self.redis = Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=retry)
            self.take = self.redis.register_script(TAKE)

    @property
    def alone(self) -> int:
        """0 while limits are shared, else by how many processes they are divided."""
        return 0 if self.connected else self.processes

    @property
    def mode(self) -> str:
        """`shared`, `divided` or `process`, for headers and health."""
        return "shared" if self.connected else "divided" if self.processes > 1 else "process"

    def meter(self, kind: str, pk: UUID, name: str, model: str = "") -> SharedMeter:
        """A new meter. Under `ledger.purse.guard`."""
        meter = SharedMeter(kind, pk, name, model)
        meter.alone = self.alone
        return meter

    def refill(self, offered: Iterable[Any], tokens: int, now: float) -> None:
        """Ask for what these meters are short of for a call with so many tokens. Not under `ledger.purse.guard`."""
        if not self.connected:
            return
        short: list[tuple[SharedMeter, Want]] = []
        with guard:
            for meter in offered:
                meter.sync(now)
                if asked := meter.want(tokens):
                    short.append((meter, asked))
        if not short:
            return
        window = int(now // WINDOW)
        try:
            answer = self.ask(short, window, now)
        except RedisError as error:
            self.lost(error, now)
            return
        with guard:
            for index, (meter, asked) in enumerate(short):
                if not meter.alone:
                    meter.grant(asked, window, answer[1 + 10 * index : 11 + 10 * index])

    def ask(self, short: list[tuple[SharedMeter, Want]], window: int, now: float) -> list[int]:
        """One round trip for all meters of a call. Raises RedisError."""
        keys: list[str] = [PROCESSES]
        arguments: list[Any] = [self.name, int(now), 1 - (now % WINDOW) / WINDOW]
        for meter, asked in short:
            keys += [window_key(meter.key, window), window_key(meter.key, window - 1), slots_key(meter.key)]
            limits = (meter.rpm, meter.tpm, meter.most)
            arguments += [UNLIMITED if limit is None else limit for limit in limits]
            arguments += [asked.owed_requests, asked.owed_tokens, asked.requests, asked.batch_of_requests]
            arguments += [asked.tokens, asked.batch_of_tokens, asked.parallel]
        answer: list[int] = self.take(keys=keys, args=arguments)
        self.processes = max(self.least, answer[0])
        return answer

    def beat(self, now: float) -> None:
        """Say that we live, give back what nobody needs, and find out whether Redis is there."""
        if self.redis is None:
            return
        back: list[Back] = []
        slots: list[tuple[str, int]] = []
        with guard:
            for meter in shared():
                meter.sync(now)
                back += meter.settled(now)
                if not meter.alone and (free := meter.give_back_slots()):
                    slots.append((meter.key, -free))
        try:
            self.say(back, slots, now)
        except RedisError as error:
            self.lost(error, now)
            return
        if not self.connected:
            self.found(now)

    def say(self, back: list[Back], slots: list[tuple[str, int]], now: float) -> None:
        """Raises RedisError."""
        assert self.redis is not None
        pipe = self.redis.pipeline(transaction=False)
        pipe.zadd(PROCESSES, {self.name: now + ALIVE})
        pipe.zremrangebyscore(PROCESSES, "-inf", now)
        pipe.zcard(PROCESSES)
        for key, window, requests, tokens in back:
            name = window_key(key, window)
            if requests:
                pipe.hincrby(name, "r", -requests)
            if tokens:
                pipe.hincrby(name, "t", -tokens)
            pipe.expire(name, KEEP)
        for key, change in slots:
            pipe.hincrby(slots_key(key), self.name, change)
        self.processes = max(self.least, pipe.execute()[2])

    def lost(self, error: RedisError, now: float) -> None:
        """Redis is away: from now on this process keeps to its part."""
        if not self.connected and self.reason:
            return
        with guard:
            self.connected, self.reason = False, type(error).__name__
            for meter in shared():
                meter.share(self.alone, now)
        logger.warning("redis away, limits are divided", reason=self.reason, processes=self.processes)

    def found(self, now: float) -> None:
        """Redis is there: what is in flight and what was taken meanwhile counts for everybody again."""
        assert self.redis is not None
        with guard:
            held = {meter.key: meter.flying for meter in shared() if meter.most is not None and meter.flying > 0}
        try:
            pipe = self.redis.pipeline(transaction=False)
            for key, count in held.items():
                pipe.hset(slots_key(key), self.name, count)
            pipe.execute()
        except RedisError as error:
            self.lost(error, now)
            return
        with guard:
            self.connected, self.reason = True, ""
            for meter in shared():
                meter.share(0, now, held.get(meter.key, 0))
        logger.info("limits are shared", processes=self.processes)

    def run(self) -> None:
        """Beat until the process ends."""
        while not self.stopped.wait(BEAT):
            self.beat(time.time())

    def leave(self) -> None:
        """Give back everything: this process ends."""
        self.stopped.set()
        if self.redis is None or not self.connected:
            return
        try:
            self.redis.zrem(PROCESSES, self.name)
        except RedisError as error:
            logger.info("redis away at the end", reason=type(error).__name__)


def shared() -> list[SharedMeter]:
    """The meters of this process that may share. Under `ledger.purse.guard`."""
    return [meter for meter in meters.known() if isinstance(meter, SharedMeter)]
