"""What binds many is what binds each of them; and who is bound differently is told as it then comes."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.access.binding import binding, in_words, readable_by, shifted
from gateway.bearers import JOINED, bearers, effective_of
from gateway.effective import Effective, effective_for_key, effective_for_member
from gateway.models import Spend
from keys.models import Key
from rbacadmin import money
from rbacadmin.errors import Refused
from teams.models import Membership
from teams.services import update_team
from tests.factories import KeyFactory, UserFactory, join
from tests.matrix.judging import undone
from tests.matrix.managed import changed, snapshot
from tests.world import World

DOLLAR = money.NANO
ROWS = ("organization", "team", "granted_team", "project", "member", "colleague", "loner", "membership", "key")


def row_of(cast: World, name: str) -> Any:
    if name == "membership":
        return Membership.objects.get(user=cast.member, team=cast.team)
    return cast.here.keys["member_team"] if name == "key" else getattr(cast, name)


def one_by_one(row: Any) -> dict[Any, Effective]:
    """What binds everybody beneath a row, asked for one at a time."""
    found = bearers(row)
    keys = Key.objects.select_related(*JOINED).filter(pk__in=found.keys.values("pk"))
    members = Membership.objects.select_related(*JOINED).filter(pk__in=found.members.values("pk"))
    return {
        **{key.pk: effective_for_key(key) for key in keys},
        **{member.pk: effective_for_member(member) for member in members},
    }


def told(found: Effective) -> tuple[Any, ...]:
    bounds = {name: (bound.value, bound.left, bound.level.kind) for name, bound in found.bounds.items()}
    return bounds, found.models, [level.kind for level in found.cut_by]


def test_what_binds_many_is_what_binds_each(cast: World) -> None:
    Spend.objects.create(kind="team", object_id=cast.team.pk, current=95 * DOLLAR, lifetime=95 * DOLLAR)
    Key.objects.filter(pk=cast.here.keys["member_team"].pk).update(max_budget=10 * DOLLAR, models=["gpt-4o"])
    for name in ROWS:
        row, found = row_of(cast, name), bearers(row_of(cast, name))
        together = effective_of(list(found.keys), list(found.members))
        alone = one_by_one(row)
        assert together or name == "loner"
        assert {pk: told(one) for pk, one in together.items()} == {pk: told(one) for pk, one in alone.items()}


limits = st.fixed_dictionaries(
    {},
    optional={
        "max_budget": st.sampled_from((None, 0, DOLLAR, 40 * DOLLAR, 90 * DOLLAR)),
        "rpm_limit": st.sampled_from((None, 1, 50, 100)),
        "tpm_limit": st.sampled_from((None, 1_000, 90_000)),
        "max_parallel_requests": st.sampled_from((None, 2)),
        "models": st.sampled_from((None, ["gpt-4o"], ["claude", "gpt-4"], ["fast"])),
    },
)


@settings(max_examples=25)
@given(name=st.sampled_from(ROWS), values=limits, first=limits)
def test_who_is_bound_differently_is_the_difference_before_and_after(
    cast: World, name: str, values: dict[str, Any], first: dict[str, Any]
) -> None:
    """Over generated changes of limits, on every kind of level: what is told before is what then is so."""
    with undone():
        row = row_of(cast, name)
        type(row).objects.filter(pk=row.pk).update(**first)
        root, before = cast.actor("proxy_admin"), one_by_one(row)

        def change() -> None:
            type(row).objects.filter(pk=row.pk).update(**values)

        rows = snapshot()
        found = binding(root, row, change)
        assert not changed(rows, snapshot()), "nothing stays"
        change()
        after = one_by_one(row)
    known = readable_by(root, [*before.values(), *after.values()])
    expected: dict[Any, set[Any]] = {}
    for pk, old in before.items():
        for limit, was, now in shifted(old, after[pk]):
            words = limit, in_words(limit, was, known), in_words(limit, now, known)
            expected.setdefault(words, set()).add(pk)
    assert {(one.name, one.before, one.after): one.keys + one.members for one in found.shifts} == {
        words: len(some) for words, some in expected.items()
    }
    assert found.keys + found.members == len(before)


def test_it_costs_the_same_however_many_are_bound(cast: World) -> None:
    actor = cast.actor("org_admin")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            binding(actor, cast.team, lambda: type(cast.team).objects.filter(pk=cast.team.pk).update(rpm_limit=3))
        return len(queries)

    cost()
    few = cost()
    for _ in range(20):
        person = UserFactory()
        join(person, cast.team, "user")
        KeyFactory(user=person, team=cast.team, organization=cast.organization)
    assert cost() == few <= 20


def test_levels_that_one_may_not_read_are_named_without_their_numbers(cast: World) -> None:
    """Who looks after the team hears that the organization binds, and not with what."""
    type(cast.organization).objects.filter(pk=cast.organization.pk).update(rpm_limit=4321)
    cleared = lambda: type(cast.team).objects.filter(pk=cast.team.pk).update(rpm_limit=None)  # noqa: E731
    (shift,) = [one for one in binding(cast.actor("team_admin"), cast.team, cleared).shifts if one.name == "rpm_limit"]
    assert shift.before == "100, set by: Team"
    assert shift.after == "what the organization allows, which is not shown to you"
    assert (shift.keys, shift.members) == (4, 4)


def test_what_is_refused_is_told(cast: World) -> None:
    actor = cast.actor("team_admin")
    with pytest.raises(Refused):
        binding(actor, cast.team, lambda: update_team(actor, cast.team, rpm_limit=900))
