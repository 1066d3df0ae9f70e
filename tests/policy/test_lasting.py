"""Until when somebody may do something: the same check, asked of them as they will be."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from rbacadmin import policy
from rbacadmin.errors import PermissionDenied
from rbacadmin.policy import Action, Actor
from teams.models import Membership
from teams.services import share_scope
from tests.factories import join
from tests.world import World

SOON = timedelta(hours=2)


@pytest.fixture
def end(cast: World) -> datetime:
    """When the team's admin stops being one."""
    moment = timezone.now() + SOON
    Membership.objects.filter(user=cast.team_admin, team=cast.team).update(expires_at=moment)
    return moment


def test_the_longest_of_several_ways_counts(cast: World, end: datetime) -> None:
    longer = end + timedelta(hours=1)
    Membership.objects.filter(user=cast.team_admin, team=None).update(role="org_admin", expires_at=longer)
    actor = cast.actor("team_admin")
    assert policy.until(actor, lambda asker: policy.require(asker, Action.MANAGE_MEMBERS, cast.team)) == longer
    assert policy.until(actor, lambda asker: policy.require(asker, Action.CHANGE_PROFILE, cast.team_admin)) is None


def test_a_grant_ends_with_the_membership_through_which_it_is_held(cast: World) -> None:
    first, second = timezone.now() + SOON, timezone.now() + 2 * SOON
    may = {"actions": [Action.MANAGE_MEMBERS], "expires_at": second}
    share_scope(cast.actor("org_admin"), cast.project, team=cast.team, **may)

    def latest() -> datetime | None:
        actor = cast.actor("member")
        return policy.until(actor, lambda asker: policy.require(asker, Action.MANAGE_MEMBERS, cast.project))

    assert latest() == second
    Membership.objects.filter(user=cast.member, team=cast.team).update(expires_at=first)
    assert latest() == first
    join(cast.member, cast.other_team, "user")
    share_scope(cast.actor("org_admin"), cast.project, team=cast.other_team, **may)
    assert latest() == second
    with pytest.raises(PermissionDenied):
        policy.until(cast.actor("reader"), lambda asker: policy.require(asker, Action.MANAGE_MEMBERS, cast.project))


@pytest.mark.parametrize(("name", "times"), [("second_team_admin", 1), ("proxy_admin", 1), ("team_admin", 2)])
def test_who_holds_nothing_with_an_end_is_asked_once(cast: World, end: datetime, name: str, times: int) -> None:
    """Permanent admins pay nothing for the rule."""
    asked: list[Actor] = []

    def check(asker: Actor) -> None:
        asked.append(asker)
        policy.require(asker, Action.MANAGE_MEMBERS, cast.team)

    assert policy.until(cast.actor(name), check) == (end if name == "team_admin" else None)
    assert len(asked) == times
