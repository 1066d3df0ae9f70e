"""Sums that no column would hold stop at the largest one, and keep nobody's calls from being written."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from gateway import admission
from gateway.ledger.purse import purses
from gateway.ledger.recording import Recorder
from gateway.ledger.statements import MOST_COUNTED
from gateway.ledger.usage import BIGGEST, DEAREST, Event, Parties
from gateway.models import DailyUsage, Spend, Usage
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger(db: None) -> Iterator[Recorder]:
    yield Recorder()
    purses.clear()


def call(team: Any, cost: int, tokens: int = BIGGEST) -> Event:
    now = timezone.now()
    return Event(
        uuid.uuid4().hex,
        Parties(team_id=team.pk, organization_id=team.organization_id),
        *("gpt-4", now, now, cost),
        prompt_tokens=tokens,
        completion_tokens=tokens,
    )


def counted(team: Any) -> tuple[int, int]:
    return Spend.objects.values_list("lifetime", "current").get(pk=team.pk)


def test_the_dearest_calls_fill_a_sum_and_never_overflow_it(cast: World, ledger: Recorder) -> None:
    ledger.record(call(cast.team, 5))
    ledger.flush()
    near = MOST_COUNTED - DEAREST // 2
    Spend.objects.update(lifetime=near, current=near)
    DailyUsage.objects.update(spend=near, prompt_tokens=near, completion_tokens=MOST_COUNTED)
    for _ in range(2):  # over the edge, and then from beyond it
        ledger.record(call(cast.team, DEAREST))
        ledger.record(call(cast.here.granted_team, 7, 1))
        assert ledger.flush() == 2
    assert counted(cast.team) == (MOST_COUNTED, MOST_COUNTED)
    assert counted(cast.here.granted_team) == (14, 14), "what shares the batch is exact"
    day = DailyUsage.objects.get(kind="team", object_id=cast.team.pk)
    assert day.spend == day.completion_tokens == MOST_COUNTED
    assert day.prompt_tokens == min(near + 2 * BIGGEST, MOST_COUNTED)
    assert day.requests == 3
    assert Usage.objects.count() == 5


def test_one_batch_alone_stays_within_the_column(cast: World, ledger: Recorder) -> None:
    for _ in range(2):
        for _ in range(3):
            ledger.record(call(cast.team, MOST_COUNTED // 2))
        assert ledger.flush() == 3
        assert counted(cast.team) == (MOST_COUNTED, MOST_COUNTED)


def test_a_full_sum_refuses_under_the_largest_budget(cast: World) -> None:
    cast.catalog["gpt-4o"].input_price = 10**9
    cast.catalog["gpt-4o"].save()
    cast.team.max_budget = MOST_COUNTED
    cast.team.save()
    Spend.objects.create(
        object_id=cast.team.pk, kind="team", lifetime=MOST_COUNTED, current=MOST_COUNTED, period_start=timezone.now()
    )
    caller = admission.authenticate(cast.here.keys["member_team"].secret)  # type: ignore[attr-defined]
    verdict = admission.question(caller, model="gpt-4o", route="/v1/chat/completions", prompt_tokens=1)
    assert verdict.refusal is not None
    assert (verdict.refusal.status, verdict.refusal.level) == (422, "team")
