"""What a process may spend without asking: leases, refusals and what is returned."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.ledger import leases
from gateway.ledger.purse import Purse
from gateway.ledger.terms import Terms
from gateway.models import Lease, Spend

pytestmark = pytest.mark.django_db

DOLLAR = 10**9
CENT = DOLLAR // 100
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC).timestamp()


def purse(limit: int = DOLLAR, object_id: uuid.UUID | None = None, **more: object) -> Purse:
    return Purse(object_id or uuid.uuid4(), "team", Terms(limit, **more))  # type: ignore[arg-type]


@contextmanager
def another_process() -> Iterator[None]:
    mine = leases.identity.id
    leases.identity.renew()
    try:
        yield
    finally:
        leases.identity.id = mine


def row(of: Purse) -> Spend:
    return Spend.objects.get(pk=of.object_id)


def spent(of: Purse, current: int, since: datetime | None = None) -> None:
    since = since or timezone.now()
    Spend.objects.create(object_id=of.object_id, kind=of.kind, current=current, period_start=since)


def test_a_purse_takes_a_lease_and_asks_no_more_while_it_lasts(django_assert_num_queries: object) -> None:
    team = purse()
    assert team.take(CENT, NOON)
    assert team.take(CENT, NOON)  # now it knows the pace
    assert row(team).reserved == Lease.objects.get().amount == team.leased > 2 * CENT
    with django_assert_num_queries(0):  # type: ignore[operator]
        while team.have >= CENT:
            assert team.take(CENT, NOON)


def test_a_slow_caller_leases_no_more_than_it_needs() -> None:
    team = purse()
    for minute in range(5):
        assert team.take(CENT, NOON + 60 * minute)
        assert team.leased <= (minute + 2) * CENT


def test_all_of_the_budget_can_be_spent_and_nothing_beyond() -> None:
    team, calls = purse(DOLLAR), 0
    while team.take(CENT, NOON):
        team.settle(CENT, CENT)
        calls += 1
    assert calls == 100
    assert team.refusal is not None
    assert (team.refusal.reason, team.refusal.spent, team.refusal.limit) == ("exceeded", DOLLAR, DOLLAR)


def test_money_of_calls_in_flight_is_reserved_and_not_exceeded() -> None:
    team = purse(2 * CENT)
    assert team.take(2 * CENT, NOON)
    assert not team.take(CENT, NOON)
    assert team.refusal is not None
    assert (team.refusal.reason, team.refusal.retry_after) == ("reserved", 1)
    team.settle(2 * CENT, CENT)
    assert team.take(CENT, NOON), "at once, and not when the refusal is forgotten"


def test_money_of_another_process_is_reserved_and_not_exceeded() -> None:
    here = purse(2 * CENT)
    there = purse(2 * CENT, here.object_id)
    with another_process():
        assert there.take(2 * CENT, NOON)
    assert not here.take(CENT, NOON)
    assert here.refusal is not None
    assert here.refusal.reason == "reserved"
    with another_process():
        pass


def test_a_call_that_may_cost_more_than_is_left_is_told_so() -> None:
    team = purse(CENT)
    assert not team.take(2 * CENT, NOON)
    assert team.refusal is not None
    assert (team.refusal.reason, team.refusal.need) == ("insufficient", 2 * CENT)
    assert team.take(CENT, NOON), "a smaller one passes"


def test_a_budget_of_nothing_refuses_even_what_costs_nothing() -> None:
    team = purse(0)
    assert not team.refill(0, NOON)
    assert team.refusal is not None
    assert team.refusal.reason == "exceeded"


def test_a_refusal_is_remembered_for_a_second(django_assert_num_queries: object) -> None:
    team = purse(CENT)
    spent(team, CENT)
    assert not team.take(CENT, NOON)
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert not team.take(CENT, NOON + 0.9)
    Spend.objects.update(current=0)
    assert not team.take(CENT, NOON + 0.9)
    team.forget()  # somebody has reset it
    assert team.take(CENT, NOON + 0.9)


def test_a_raise_is_seen_at_once_and_so_is_a_lower_budget() -> None:
    team = purse(CENT)
    assert team.take(CENT, NOON)
    assert not team.take(CENT, NOON)
    team.update(Terms(10 * CENT))
    assert team.take(2 * CENT, NOON)
    team.update(Terms(3 * CENT))
    assert not team.take(CENT, NOON)


def test_a_new_period_starts_with_nothing_spent_when_somebody_looks() -> None:
    team = purse(CENT, duration="1d")
    spent(team, CENT, datetime(2026, 3, 4, tzinfo=UTC))
    assert not team.take(CENT, NOON)
    assert team.refusal is not None
    midnight = datetime(2026, 3, 5, tzinfo=UTC)
    assert team.refusal.resets_at == midnight.timestamp()
    assert team.refusal.retry_after == 12 * 3600 + 1
    assert team.take(CENT, midnight.timestamp())
    assert (row(team).current, row(team).period_start, row(team).reserved) == (0, midnight, CENT)


def test_an_increase_counts_until_it_ends() -> None:
    ends = datetime.fromtimestamp(NOON + 10, UTC)
    team = purse(CENT, extra=CENT, extra_until=ends)
    assert team.take(CENT, NOON)
    assert team.take(CENT, NOON + 9)
    other = purse(CENT, extra=CENT, extra_until=ends)
    assert not other.take(2 * CENT, NOON + 11)


def test_a_soft_budget_warns_and_refuses_nothing() -> None:
    team = purse(10 * CENT, soft=CENT)
    assert team.take(CENT, NOON)
    assert not team.over_soft
    team.settle(CENT, CENT)
    assert team.take(9 * CENT, NOON)
    assert team.over_soft


def test_what_a_dead_process_held_is_taken_back_when_its_lease_ends() -> None:
    here = purse(CENT)
    there = purse(CENT, here.object_id)
    with another_process():
        assert there.take(CENT, NOON)
    assert not here.take(CENT, NOON + 29)
    here.forget()
    assert here.take(CENT, NOON + 30)
    assert [lease.amount for lease in Lease.objects.all()] == [CENT]
    assert row(here).reserved == CENT


def test_a_process_that_slept_too_long_spends_nothing_of_what_was_taken_back() -> None:
    sleeper = purse(10 * CENT)
    assert sleeper.take(CENT, NOON)
    assert sleeper.take(CENT, NOON)
    assert sleeper.have
    thief = purse(10 * CENT, sleeper.object_id)
    with another_process():
        assert thief.take(8 * CENT, NOON + 31)
    assert not sleeper.take(sleeper.have + 1, NOON + 31)
    assert sleeper.have <= 0
    assert sleeper.leased == 2 * CENT, "what its own two calls reserved"


def test_the_living_sweep_up_after_the_dead() -> None:
    there = purse(CENT)
    with another_process():
        assert there.take(CENT, NOON)
    now = datetime.fromtimestamp(NOON, UTC)
    assert leases.reclaim(now) == 0
    assert leases.reclaim(now + timedelta(seconds=30)) == 1
    assert not Lease.objects.exists()
    assert row(there).reserved == 0


def test_giving_back_frees_the_money_for_others() -> None:
    here = purse(CENT)
    there = purse(CENT, here.object_id)
    with another_process():
        assert there.take(CENT, NOON)
        there.release(CENT)
        there.give_back(CENT)
    assert (there.have, there.leased, row(here).reserved) == (0, 0, 0)
    assert here.take(CENT, NOON)


calls = st.lists(
    st.tuples(
        st.integers(0, 2),  # the process
        st.integers(1, 30),  # what it may cost
        st.integers(0, 100),  # which part of that it costs, in percent
        st.integers(0, 4),  # how many calls later it settles
        st.integers(0, 3),  # seconds until the next
    ),
    max_size=25,
)


@given(calls, st.integers(0, 200))
@settings(max_examples=25)
def test_no_order_of_reserving_and_settling_overshoots(plan: list[tuple[int, ...]], limit: int) -> None:
    object_id = uuid.uuid4()
    processes = [(uuid.uuid4(), Purse(object_id, "team", Terms(limit))) for _ in range(3)]
    mine, flying, total, now = leases.identity.id, [], 0, NOON
    try:
        for process, estimate, part, lasts, wait in plan:
            leases.identity.id, own = processes[process]
            if own.take(estimate, now):
                flying.append([own, estimate, estimate * part // 100, lasts])
            for call in list(flying):
                if call[3] == 0:
                    call[0].settle(call[1], call[2])
                    total += call[2]
                    flying.remove(call)
                else:
                    call[3] -= 1
            now += wait
            Lease.objects.update(expires_at=datetime.fromtimestamp(now, UTC) + leases.LASTS)  # they all live
            assert total + sum(call[1] for call in flying) <= limit
            assert sum(lease.amount for lease in Lease.objects.filter(object_id=object_id)) <= limit
    finally:
        leases.identity.id = mine
    for _, own in processes:
        assert own.leased - own.have - own.unwritten == sum(call[1] for call in flying if call[0] is own)
