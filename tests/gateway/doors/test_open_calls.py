"""Calls through a proxy whose end nobody tells: one key has no more of them open than it may."""

import time
from collections.abc import Callable

import pytest

from api.gateway import forward_auth
from gateway import admission
from gateway.admission import decision_log, evict
from gateway.admission.decide import flying
from gateway.decisions import RefusalCount
from tests.gateway.doors.conftest import Told, at_boundary, from_memory
from tests.world import World

Ask = Callable[..., Told]
CHAT = "/v1/chat/completions"


def test_a_key_has_no_more_calls_open_through_a_proxy_than_it_may(
    cast: World, nginx: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forward_auth, "MOST_OPEN", 2)
    ours, theirs = cast.keys["member_team"].secret, cast.keys["team_service"].secret
    first, second = (nginx(ours, x_model="gpt-4o").headers["x-request-id"] for _ in range(2))
    told = nginx(ours, x_model="gpt-4o")
    assert (told.status, told.headers["x-rbacadmin-status"], told.headers["x-rbacadmin-level"]) == (403, "429", "key")
    assert (told.headers["retry-after"], told.headers["rate_limit_type"]) == ("1", "max_parallel_requests")
    evict.store(evict.digest(ours), admission.authenticate(ours), evict.generation)
    given = {"authorization": f"Bearer {ours}", "x_original_uri": CHAT, "x_model": "gpt-4o"}
    at_boundary("GET", "/gateway/auth-request", **given)  # its route and model are known from here on
    warm = from_memory("GET", "/gateway/auth-request", **given)
    assert warm == told
    assert [*flying] == [first, second], "what is refused ends no other call"
    assert nginx(theirs, x_model="gpt-4o").status == 200, "others are not kept out"
    evict.evict_all()  # as after any change: the key is read anew
    assert nginx(ours, x_model="gpt-4o").status == 403
    admission.settle(first, prompt_tokens=1, completion_tokens=1)
    assert nginx(ours, x_model="gpt-4o").status == 200, "an end that is told makes room"
    assert nginx(ours, x_model="gpt-4o").status == 403
    admission.expire(time.time() + forward_auth.LASTS + 1)
    admission.release(second)
    for status in (200, 200, 403):
        assert nginx(ours, x_model="gpt-4o").status == status, "what is given back in time is open no more"
    decision_log.flush()
    assert RefusalCount.objects.get(key_id=cast.keys["member_team"].pk, status=429).count == 6
