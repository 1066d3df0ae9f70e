"""What the explorer calls the smallest change does turn the decision round."""

from typing import Any

import pytest

from rbacadmin import policy
from rbacadmin.policy import Action, Actor, grants
from rbacadmin.policy.applies import ACTIONS_OF
from rbacadmin.policy.flip import Flip, ways_in, who_can_make
from rbacadmin.policy.scopes import scope_models
from teams.models import Membership, User
from tests.factories import join
from tests.matrix.judging import undone
from tests.world import World

PEOPLE = (("member", False), ("loner", True), ("auditor", False), ("granted", False))


def make(flip: Flip, user: User) -> None:
    """Make the change, as bluntly as the database allows."""
    people = User.objects.filter(pk=user.pk)
    if flip.kind == "unblock":
        people.update(blocked_by="")
    elif flip.kind == "platform_role":
        people.update(platform_role=flip.name)
    else:
        assert flip.scope
        scope: Any = scope_models()[flip.scope[0]]._default_manager.get(pk=flip.scope[1])
        if flip.kind == "permission":
            grants.set_for(scope, scope.group, {*grants.on(scope, scope.group), Action(flip.name)})
        elif not Membership.objects.filter(user=user, group=scope.group).update(role=flip.name):
            join(user, scope, flip.name)


def rows(cast: World) -> list[Any]:
    key = cast.here.keys["colleague_team"]
    return [cast.organization, cast.team, key, cast.colleague]


@pytest.mark.parametrize(("name", "blocked"), PEOPLE)
def test_every_way_in_is_one(cast: World, name: str, blocked: bool) -> None:
    user = getattr(cast, name)
    if blocked:
        User.objects.filter(pk=user.pk).update(blocked_by="platform")
    tried = 0
    for row in rows(cast):
        for action in ACTIONS_OF[row._meta.label]:
            actor = cast.actor(name)
            flips = ways_in(actor, action, row)
            assert bool(flips) != policy.can(actor, action, row) or not openable(action), (action, row)
            needed = [flip for flip in flips if not flip.gives]
            for enough in [flip for flip in flips if flip.gives] or [None]:
                if not flips:
                    continue
                with undone():
                    for flip in [*needed, *([enough] if enough else [])]:
                        make(flip, user)
                    assert policy.can(Actor.for_user(User.objects.get(pk=user.pk)), action, row), (action, row, flips)
                    tried += 1
    assert tried > 10


def openable(action: Action) -> bool:
    """Usage is written by the gateway alone; no change of a person opens that."""
    return action is not Action.RECORD_USAGE


def test_the_smallest_comes_first(cast: World) -> None:
    first = ways_in(cast.actor("member"), Action.UPDATE_KEYS, cast.here.keys["colleague_team"])[0]
    assert first == Flip("permission", "update_keys", ("team", cast.team.pk), 1)
    assert ways_in(cast.actor("loner"), Action.MANAGE_MEMBERS, cast.team)[0][:3] == (
        "role",
        "admin",
        ("team", cast.team.pk),
    )
    assert ways_in(cast.actor("team_admin"), Action.MANAGE_MEMBERS, cast.team) == []


def test_it_is_said_who_can_make_the_change(cast: World) -> None:
    flip = ways_in(cast.actor("member"), Action.UPDATE_KEYS, cast.here.keys["colleague_team"])[0]
    assert set(who_can_make(flip)) == {cast.proxy_admin, cast.org_admin, cast.team_admin, cast.second_team_admin}
