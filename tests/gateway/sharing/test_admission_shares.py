"""Admission counts on shared meters once a worker has begun to share."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway import admission, sharing
from gateway.admission import Refused
from gateway.sharing.process import Sharing
from tests.factories import KeyFactory
from tests.gateway.live.conftest import unavailable
from tests.support import programs
from tests.support import redis as support
from tests.world import World

pytestmark = pytest.mark.sqlite

NOON = 1_800_000_000.0  # the beginning of a minute


@pytest.fixture
def server(tmp_path: Path) -> Iterator[support.Server]:
    try:
        with support.redis(tmp_path) as running:
            yield running
    except programs.Unavailable as reason:
        unavailable(reason)


@pytest.fixture
def as_process(server: support.Server) -> Iterator[Callable[[Sharing], None]]:
    """`as_process(sharing)`: from now on this test is that process, which has just started."""

    def become(process: Sharing) -> None:
        admission.forget()
        sharing.use(process)

    yield become
    sharing.use(None)
    admission.forget()


def test_two_processes_admit_no_more_than_the_limit_of_a_key(
    cast: World, server: support.Server, as_process: Callable[[Sharing], None]
) -> None:
    place: dict[str, Any] = {"user": cast.member, "team": cast.team, "organization": cast.organization}
    secret = KeyFactory(**place, rpm_limit=5).secret
    asked = {"model": "gpt-4o", "route": "/v1/chat/completions", "prompt_tokens": 1, "completion_tokens": 1}
    admitted = 0
    for _ in range(2):
        process = Sharing(server.url)
        process.beat(NOON)
        as_process(process)
        for _ in range(4):
            try:
                found = admission.admit(admission.authenticate(secret, NOON), now=NOON, **asked)
            except Refused:
                continue
            admitted += 1
            assert ("x-ratelimit-scope", "shared") in found.headers
            assert ("x-ratelimit-remaining-requests", str(5 - admitted)) in found.headers
    assert admitted == 5
