"""Nobody hands out more than they hold (rulebook 11): what `require_not_above` lets pass gives its maker nothing."""

import random

import pytest

from keys.models import Key
from rbacadmin import policy
from rbacadmin.errors import PermissionDenied
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.engine import reasons
from rbacadmin.policy.rank import HANDED_OUT_BY, RANKS
from tests.factories import KeyFactory, join
from tests.policy.test_laws import law
from tests.policy.worlds import Plan, world
from tests.world import World

pytestmark = pytest.mark.django_db


def ranks_above(target: Actor, actor: Actor) -> bool:
    try:
        policy.require_not_above(actor, target)
    except PermissionDenied:
        return True
    return False


def test_a_team_admin_does_not_rank_above_an_org_admin_in_the_team(cast: World) -> None:
    """The org admin's role reaches into the team: their key there could delete it, which no team admin can."""
    join(cast.org_admin, cast.team, "user")
    target = Actor.for_key(KeyFactory(user=cast.org_admin, team=cast.team, organization=cast.organization))
    assert policy.can(target, Action.DELETE_TEAMS, cast.team)
    assert ranks_above(target, cast.actor("team_admin"))
    assert not ranks_above(target, cast.actor("org_admin"))


def test_a_member_does_not_rank_above_the_admin(cast: World) -> None:
    target = Actor.for_key(cast.here.keys["member_team"])
    assert not ranks_above(target, cast.actor("team_admin"))
    assert ranks_above(Actor.for_key(cast.here.keys["team_admin_team"]), cast.actor("member"))


def test_a_team_admin_with_another_team_is_no_higher_inside_this_one(cast: World) -> None:
    join(cast.member, cast.other_team, "admin")
    assert not ranks_above(Actor.for_key(cast.here.keys["member_team"]), cast.actor("team_admin"))
    unbound = Actor.for_key(KeyFactory(user=cast.member))
    assert ranks_above(unbound, cast.actor("team_admin"))


def test_a_key_of_a_platform_admin_in_a_team_carries_nothing_of_the_platform(cast: World) -> None:
    join(cast.proxy_admin, cast.team, "user")
    target = Actor.for_key(KeyFactory(user=cast.proxy_admin, team=cast.team, organization=cast.organization))
    assert not ranks_above(target, cast.actor("team_admin"))
    assert ranks_above(Actor.for_user(cast.proxy_admin), cast.actor("team_admin"))


def test_a_key_hands_out_no_wider_reach_than_its_own(cast: World) -> None:
    """A leaked team key must not mint its owner's unbound one."""
    bound = Actor.for_key(cast.here.keys["team_admin_team"])
    unbound = Actor.for_key(KeyFactory(user=cast.team_admin))
    carried = Actor.for_key(cast.here.keys["team_admin_personal"])
    assert ranks_above(unbound, bound)
    assert ranks_above(carried, bound)
    assert not ranks_above(bound, bound)
    assert ranks_above(unbound, carried)
    assert not ranks_above(bound, carried)


@pytest.mark.sqlite
def test_who_does_not_rank_above_can_nothing_more_within_the_reach() -> None:
    """Ownership apart: what is somebody's own is no rank."""
    compared = [0]

    @law(examples=15)
    def holds(plan: Plan) -> None:
        with world(plan) as made:
            chance = random.Random(5)
            askers = [actor for actor in made.actors() if actor.active]
            targets = [Actor.for_key(key) for key in Key.objects.filter(pk__in=[key.pk for key in made.keys])]
            targets += [actor for actor in askers if actor.principal.startswith("user:")]
            rows = [*made.scopes, *made.memberships, *made.keys, *made.others]
            for _ in range(40):
                asker, target = chance.choice(askers), chance.choice(targets)
                if ranks_above(target, asker):
                    continue
                for row in [None, *rows]:
                    for action in chance.sample(list(Action), 20):
                        if policy.can(target, action, row):
                            compared[0] += 1
                            kinds = {reason.kind for reason in reasons(target, action, row)}
                            needed = HANDED_OUT_BY.get(action, action)  # nobody holds what only a gateway does
                            assert kinds == {"owner"} or policy.can(asker, needed, row), (asker, target, action, row)

    holds()
    assert compared[0] > 200


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("proxy_admin", "platform"),
        ("org_admin", "organization"),
        ("team_admin", "team"),
        ("granted", ""),
        ("member", ""),
        ("stranger", ""),
    ],
)
def test_the_level_of_a_block_is_the_highest_from_which_somebody_can_block(cast: World, name: str, level: str) -> None:
    assert policy.level(cast.actor(name), Action.BLOCK_KEYS, cast.here.keys["member_team"]) == level


def test_a_grant_blocks_as_an_owner_does(cast: World) -> None:
    """A teammate's grant is no rank: an admin lifts such a block, and never the other way round."""
    key = cast.here.keys["granted_colleague_team"]
    assert policy.level(cast.actor("granted"), Action.BLOCK_KEYS, key) == "owner"


def test_only_the_level_that_set_a_block_or_above_lifts_it(cast: World) -> None:
    key = cast.here.keys["member_team"]
    for set_by in ("", "team", "organization", "platform"):
        for name, level in (("team_admin", "team"), ("org_admin", "organization"), ("proxy_admin", "platform")):
            actor = cast.actor(name)
            if RANKS[level] >= RANKS[set_by]:
                policy.require_rank(actor, Action.UNBLOCK_KEYS, key, set_by)
            else:
                with pytest.raises(PermissionDenied):
                    policy.require_rank(actor, Action.UNBLOCK_KEYS, key, set_by)
