"""Resetting what was spent: for whom, how far, and what stays."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from gateway.models import Spend
from gateway.resetting import reset_spend
from gateway.spent import resets_at, spent
from keys.models import Key
from rbacadmin.errors import PermissionDenied
from rbacadmin.models import AuditEvent, Change
from rbacadmin.policy import Actor
from teams.models import Membership, Team
from tests.world import World

EIGHT = 8 * 10**9


def book(row: Any, current: int = EIGHT, **values: Any) -> Spend:
    values = {"lifetime": 20 * 10**9, "period_start": timezone.now(), **values}
    return Spend.objects.create(object_id=row.pk, kind=row._meta.model_name, current=current, **values)


def things(cast: World) -> dict[str, Any]:
    return {
        "key": cast.here.keys["colleague_team"],
        "team": cast.team,
        "project": cast.project,
        "membership": Membership.objects.get(user=cast.colleague, team=cast.team),
    }


def refused(error: type[Exception], actor: Actor, row: Any, to: Any) -> Any:
    before = list(Spend.objects.values()), Change.objects.count()
    with pytest.raises(error) as caught:
        reset_spend(actor, row, to=to)
    assert (list(Spend.objects.values()), Change.objects.count()) == before
    return caught.value


@pytest.mark.parametrize("kind", ["key", "team", "project", "membership"])
@pytest.mark.parametrize("name", ["org_admin", "proxy_admin"])
def test_the_current_spend_is_set_back_and_the_lifetime_stays(cast: World, kind: str, name: str) -> None:
    row = things(cast)[kind]
    book(row)
    reset_spend(cast.actor(name), row, to=3 * 10**9)
    after = Spend.objects.get()
    assert (after.current, after.lifetime) == (3 * 10**9, 20 * 10**9)
    event, noun = AuditEvent.objects.get(), "member" if kind == "membership" else kind
    assert (event.event, event.object_id, event.outcome) == (f"{noun}.spend_reset", str(row.pk), "done")
    assert event.details == {"changed": {"spend": [EIGHT, 3 * 10**9]}}
    assert Change.objects.get().object_id == str(row.pk)


@pytest.mark.parametrize("kind", ["key", "team", "project", "membership"])
@pytest.mark.parametrize(
    "name", ["auditor", "reader", "team_admin", "member", "granted", "project_owner", "loner", "viewer", "stranger"]
)
def test_rulebook_1_nobody_below_the_organizations_admin_resets_spend(cast: World, kind: str, name: str) -> None:
    row = things(cast)[kind]
    book(row)
    refused(PermissionDenied, cast.actor(name), row, 0)
    event = AuditEvent.objects.get()
    assert (event.event, event.outcome, event.status) == (
        f"{'member' if kind == 'membership' else kind}.reset_spend",
        "refused",
        403,
    )


def test_nobody_resets_the_spend_of_their_own_personal_key(cast: World) -> None:
    key = cast.here.keys["org_admin_personal"]
    book(key)
    refused(PermissionDenied, cast.actor("org_admin"), key, 0)


@pytest.mark.parametrize("to", [-1, EIGHT + 1])
def test_spend_goes_down_only_and_not_below_nothing(cast: World, to: int) -> None:
    book(cast.team)
    assert "spend" in refused(ValidationError, cast.actor("org_admin"), cast.team, to).message_dict


def test_nothing_spent_is_nothing_to_reset_and_nothing_to_record(cast: World) -> None:
    assert reset_spend(cast.actor("org_admin"), cast.team) == cast.team
    book(cast.project)
    reset_spend(cast.actor("org_admin"), cast.project, to=EIGHT)
    assert not AuditEvent.objects.exists()
    refused(ValidationError, cast.actor("org_admin"), cast.team, 1)


def test_spend_of_a_period_that_is_over_counts_for_nothing(cast: World) -> None:
    Team.objects.filter(pk=cast.team.pk).update(budget_duration="1d")
    Key.objects.filter(pk=cast.here.keys["member_team"].pk).update(budget_duration="1d")
    team, key = Team.objects.get(pk=cast.team.pk), Key.objects.get(pk=cast.here.keys["member_team"].pk)
    book(team, period_start=timezone.now() - timedelta(days=1, minutes=1))
    book(key)
    book(cast.project, period_start=timezone.now() - timedelta(days=400))
    assert spent([team, key, cast.project, cast.other_team]) == {team.pk: 0, key.pk: EIGHT, cast.project.pk: EIGHT}
    refused(ValidationError, cast.actor("org_admin"), team, 1)
    end = resets_at(team)
    assert end is not None
    assert timedelta(0) < end - timezone.now() <= timedelta(days=1)
    assert resets_at(cast.project) is None


def test_what_was_spent_is_read_in_two_queries(cast: World, django_assert_num_queries: Any) -> None:
    rows = [*things(cast).values(), cast.organization, cast.member]
    for row in rows:
        book(row)
    with django_assert_num_queries(2):  # the budgets that the rows hold, and what they spent
        assert len(spent(rows)) == len(rows)
