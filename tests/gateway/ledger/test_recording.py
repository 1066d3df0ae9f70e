"""What calls used: written once, added up exactly, and never lost or doubled."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, OperationalError
from django.utils import timezone

from gateway.ledger import keeping, writing
from gateway.ledger.purse import Purse, purses
from gateway.ledger.recording import Recorder
from gateway.ledger.retention import forget_calls
from gateway.ledger.terms import Terms, id_for_model, terms_of
from gateway.ledger.usage import Event, Parties, id_of_name, memberships_of, parties_of
from gateway.models import DailyUsage, Label, Lease, Spend, Usage
from gateway.spent import spent
from keys.models import Key
from rbacadmin.management.invariants import spend_adds_up
from teams.models import Membership
from tests.world import World

DOLLAR = 10**9


@pytest.fixture
def ledger(db: None) -> Iterator[Recorder]:
    yield Recorder()
    purses.clear()


def event(key: Key, cost: int = DOLLAR, **more: Any) -> Event:
    parties = parties_of(key, memberships_of([key]))
    now = timezone.now()
    values = {"request_id": uuid.uuid4().hex, "model": "gpt-4", "started_at": now, "ended_at": now, **more}
    return Event(parties=parties, cost=cost, prompt_tokens=100, completion_tokens=20, **values)


def lines(kind: str, pk: Any) -> list[tuple[Any, ...]]:
    counts = ("requests", "failures", "prompt_tokens", "completion_tokens", "spend")
    return list(DailyUsage.objects.filter(kind=kind, object_id=pk).values_list("model", *counts))


def test_a_call_is_written_once_for_everything_that_it_counts_for(cast: World, ledger: Recorder) -> None:
    key = cast.here.keys["member_team"]
    one = event(key, customer="acme", tags=("night", "night", "batch"))
    ledger.record(one)
    ledger.record(event(key, status="failure", cost=0))
    assert (ledger.waiting, ledger.flush(), ledger.waiting) == (2, 2, 0)
    row = Usage.objects.get(request_id=one.request_id)
    assert (row.key_id, row.user_id, row.team_id, row.organization_id) == (
        *(key.pk, key.user_id, key.team_id),
        key.organization_id,
    )
    member = Membership.objects.get(user=key.user, team=key.team)
    for kind, pk in (
        *(("key", key.pk), ("user", key.user_id), ("membership", member.pk)),
        *(("team", key.team_id), ("organization", key.organization_id)),
    ):
        assert lines(kind, pk) == [("gpt-4", 2, 1, 200, 40, DOLLAR)]
        spend = Spend.objects.get(pk=pk)
        assert (spend.kind, spend.current, spend.lifetime, spend.reserved) == (kind, DOLLAR, DOLLAR, 0)
    for kind, name in (("tag", "night"), ("tag", "batch"), ("customer", "acme")):
        assert lines(kind, id_of_name(kind, name)) == [("gpt-4", 1, 0, 100, 20, DOLLAR)]
        assert Label.objects.get(kind=kind, name=name).object_id == id_of_name(kind, name)
    assert DailyUsage.objects.count() == 8


def test_a_request_id_counts_once_in_a_batch_and_between_batches(cast: World, ledger: Recorder) -> None:
    one = event(cast.here.keys["member_team"])
    ledger.record(one)
    ledger.record(one)
    assert ledger.flush() == 1
    ledger.record(one)
    assert ledger.flush() == 0
    assert Spend.objects.get(pk=one.parties.key_id).lifetime == DOLLAR
    assert Usage.objects.count() == 1


def test_later_calls_add_to_what_is_there(cast: World, ledger: Recorder) -> None:
    key, other = cast.here.keys["member_team"], cast.here.keys["colleague_team"]
    for cost in (1, 2, 3):
        ledger.record(event(key, cost))
        ledger.record(event(other, 10 * cost, model="gpt-5"))
        ledger.flush()
    assert Spend.objects.get(pk=key.team_id).lifetime == 66
    assert sorted(lines("team", key.team_id)) == [("gpt-4", 3, 0, 300, 60, 6), ("gpt-5", 3, 0, 300, 60, 60)]


def test_what_is_reserved_settles_and_the_lease_shrinks_by_what_it_cost(cast: World, ledger: Recorder) -> None:
    team = cast.team
    team.max_budget = 10 * DOLLAR
    purse = Purse(team.pk, "team", terms_of(team))
    assert purse.take(3 * DOLLAR, timezone.now().timestamp())
    one = event(cast.here.keys["member_team"], 2 * DOLLAR, purses=(purse,))
    ledger.record(one, [(purse, 3 * DOLLAR)])
    assert (purse.have, purse.leased, purse.unwritten) == (DOLLAR, 3 * DOLLAR, 2 * DOLLAR)
    ledger.flush()
    assert (purse.have, purse.leased, purse.unwritten) == (DOLLAR, DOLLAR, 0)
    spend = Spend.objects.get(pk=team.pk)
    assert (spend.current, spend.reserved, Lease.objects.get().amount) == (2 * DOLLAR, DOLLAR, DOLLAR)
    purse.drop()
    ledger.flush()
    spend.refresh_from_db()
    assert (purse.leased, spend.reserved, Lease.objects.get().amount) == (0, 0, 0)


def test_what_was_counted_before_is_free_again(cast: World, ledger: Recorder) -> None:
    team = cast.team
    team.max_budget = 10 * DOLLAR
    purse = Purse(team.pk, "team", terms_of(team))
    one = event(cast.here.keys["member_team"], DOLLAR, purses=(purse,))
    for _ in range(2):
        assert purse.take(DOLLAR, timezone.now().timestamp())
        ledger.record(one, [(purse, DOLLAR)])
    leased = purse.leased
    ledger.flush()
    assert (purse.have, purse.leased, purse.unwritten) == (leased - DOLLAR, leased - DOLLAR, 0)
    assert Lease.objects.get().amount == purse.leased
    assert Spend.objects.get(pk=team.pk).current == DOLLAR


def test_a_period_begins_with_the_first_call_in_it(cast: World, ledger: Recorder) -> None:
    key = cast.here.keys["member_team"]
    Key.objects.filter(pk=key.pk).update(budget_duration="1d")
    with time_machine.travel(datetime(2030, 5, 1, 23, 59, 50, tzinfo=UTC), tick=False) as clock:
        ledger.record(event(key))
        ledger.flush()
        late = event(key)  # ends before midnight, and is written after it
        clock.shift(timedelta(seconds=20))
        assert spent([Key.objects.get(pk=key.pk)]) == {key.pk: 0}
        ledger.record(late)
        ledger.record(event(key, 5))
        ledger.flush()
        assert spent([Key.objects.get(pk=key.pk)]) == {key.pk: 5}
    spend = Spend.objects.get(pk=key.pk)
    assert (spend.current, spend.lifetime) == (5, 2 * DOLLAR + 5)
    assert spend.period_start == datetime(2030, 5, 2, tzinfo=UTC)
    assert Spend.objects.get(pk=key.team_id).current == 2 * DOLLAR + 5, "the team's has no period"


def test_a_budget_for_one_model_counts_that_model_only(cast: World, ledger: Recorder) -> None:
    team = cast.team
    team.model_max_budget = {"gpt-5": {"max_budget": DOLLAR}}
    team.save()
    for model in ("gpt-4", "gpt-5"):
        ledger.record(event(cast.here.keys["member_team"], model=model))
    ledger.flush()
    spend = Spend.objects.get(pk=id_for_model(team.pk, "gpt-5"))
    assert (spend.kind, spend.current) == ("team:model", DOLLAR)
    assert not Spend.objects.filter(pk=id_for_model(team.pk, "gpt-4")).exists()
    assert Spend.objects.get(pk=team.pk).current == 2 * DOLLAR


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception, after: bool) -> None:
    """The database is lost, before it took the batch or after it did."""
    honest = writing.write

    def write(*args: Any) -> Any:
        if after:
            honest(*args)
        raise error

    monkeypatch.setattr(writing, "write", write)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_lost_database_loses_and_doubles_nothing(
    cast: World, ledger: Recorder, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    team = cast.team
    team.max_budget = 10 * DOLLAR
    purse = Purse(team.pk, "team", terms_of(team))
    assert purse.take(3 * DOLLAR, timezone.now().timestamp())
    ledger.record(event(cast.here.keys["member_team"], DOLLAR, purses=(purse,)), [(purse, 3 * DOLLAR)])
    with monkeypatch.context() as lost:
        failing(lost, OperationalError("gone"), after)
        with pytest.raises(OperationalError):
            ledger.flush()
    ledger.record(event(cast.here.keys["member_team"], 5))
    assert ledger.waiting == 2
    assert ledger.flush() == 2
    spend = Spend.objects.get(pk=team.pk)
    assert (spend.lifetime, Usage.objects.count()) == (DOLLAR + 5, 2)
    assert (purse.leased, purse.have, purse.unwritten) == (2 * DOLLAR, 2 * DOLLAR, 0)
    assert Lease.objects.get().amount == spend.reserved == 2 * DOLLAR


def test_a_call_that_the_database_never_takes_holds_up_no_other(
    cast: World, ledger: Recorder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    honest = writing.write

    def write(events: Any, *rest: Any) -> Any:
        if any(one.request_id == "bad" for one in events):
            raise DatabaseError("out of range")
        return honest(events, *rest)

    monkeypatch.setattr(writing, "write", write)
    for request_id in ("good", "bad", "better"):
        ledger.record(event(cast.here.keys["member_team"], request_id=request_id))
    assert ledger.flush() == 2
    assert set(Usage.objects.values_list("request_id", flat=True)) == {"good", "better"}
    assert "does not take request bad" in caplog.text
    assert ledger.waiting == 0


def test_a_call_that_no_database_can_hold_holds_up_no_other(cast: World, ledger: Recorder) -> None:
    """Numbers and texts that do not even get there, from a provider that makes its usage up."""
    key = cast.here.keys["member_team"]
    for number, broken in enumerate(
        ({"cost": 2**80}, {"prompt_tokens": 2**80}, {"route": "x" * 500}, {"model": "\ud800"})
    ):
        ledger.record(replace(event(key, request_id=f"bad-{number}"), **broken))
    ledger.record(event(key, request_id="good"))
    ledger.flush()
    assert ledger.waiting == 0
    assert Usage.objects.filter(request_id="good").exists()


def test_a_used_key_says_when_at_most_once_a_minute(
    cast: World, ledger: Recorder, django_assert_num_queries: Any
) -> None:
    key = cast.here.keys["member_team"]
    with time_machine.travel(datetime(2030, 5, 1, tzinfo=UTC), tick=False) as clock:
        start = timezone.now()
        for _ in range(3):
            ledger.touch(key.pk, timezone.now().timestamp())
        ledger.flush()
        key.refresh_from_db()
        assert key.last_used_at == start
        clock.shift(timedelta(seconds=59))
        ledger.touch(key.pk, timezone.now().timestamp())
        with django_assert_num_queries(0):
            ledger.flush()
        clock.shift(timedelta(seconds=1))
        ledger.touch(key.pk, timezone.now().timestamp())
        ledger.flush()
        key.refresh_from_db()
        assert key.last_used_at == start + timedelta(seconds=60)


def test_idle_money_goes_back_and_living_leases_are_renewed(cast: World, ledger: Recorder) -> None:
    now = 2_000_000_000.0
    team = cast.team
    team.max_budget = 10 * DOLLAR
    purse = Purse(team.pk, "team", terms_of(team))
    assert purse.take(DOLLAR, now)
    purse.release(DOLLAR)
    keeping.keep(now)
    ledger.flush()
    assert Lease.objects.get().amount == DOLLAR
    keeping.keep(now + 2)
    ledger.flush()
    assert Lease.objects.get().amount == 0
    assert not purses
    assert purse.take(DOLLAR, now + 3)
    before = Lease.objects.get().expires_at
    keeping.Keeper.renewed = 0.0
    keeping.keep(now + 8)
    assert (Lease.objects.get().expires_at - before).total_seconds() == 5
    keeping.leave()
    assert not Lease.objects.exists()
    assert Spend.objects.get(pk=team.pk).reserved == 0


def test_parties_of_a_service_key_name_no_person(cast: World) -> None:
    key = cast.here.keys["team_service"]
    assert parties_of(key, {}) == Parties(key.pk, team_id=key.team_id, organization_id=key.organization_id)


def test_the_books_agree_and_verify_says_where_they_do_not(cast: World, ledger: Recorder) -> None:
    cast.team.model_max_budget = {"gpt-4": {"max_budget": 10 * DOLLAR}}
    cast.team.save()
    purse = Purse(cast.team.pk, "team", Terms(10 * DOLLAR))
    assert purse.take(DOLLAR, timezone.now().timestamp())
    ledger.record(event(cast.here.keys["member_team"], 5, tags=("a",), customer="b", purses=(purse,)))
    token = Event("t", Parties(team_id=cast.team.pk), "gpt-4", timezone.now(), timezone.now(), cost=3)
    ledger.record(token)
    ledger.flush()
    assert list(spend_adds_up()) == []
    Lease.objects.update(amount=1)
    DailyUsage.objects.filter(kind="key").update(requests=0)
    assert [sentence.split()[0] for sentence in spend_adds_up()] == ["budget", "key"]


def test_old_calls_are_forgotten_and_their_sums_stay(cast: World, ledger: Recorder) -> None:
    ledger.record(event(cast.here.keys["member_team"], ended_at=timezone.now() - timedelta(days=91)))
    ledger.record(event(cast.here.keys["member_team"]))
    ledger.flush()
    assert forget_calls() == 1
    assert Usage.objects.count() == 1
    assert Spend.objects.get(pk=cast.team.pk).lifetime == 2 * DOLLAR
    assert list(spend_adds_up()) == []
