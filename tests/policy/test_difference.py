"""What a change brings and takes is the difference of `visible`, for every action, over generated changes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from rbacadmin import policy
from rbacadmin.policy import Action, Actor, grants
from rbacadmin.policy.applies import ACTIONS_OF, ON_THE_PLATFORM
from rbacadmin.policy.difference import COMPARED, difference, holdings
from rbacadmin.policy.roles import GRANTABLE, PLATFORM_ROLES, SCOPED_ROLES
from teams.models import Membership, User
from tests.factories import join
from tests.matrix.judging import undone
from tests.policy import subjects
from tests.world import World


def test_every_action_is_asked_about_something() -> None:
    assert {action for actions in ACTIONS_OF.values() for action in actions} | set(ON_THE_PLATFORM) == set(Action)


def test_every_model_that_can_be_found_has_actions() -> None:
    assert set(ACTIONS_OF) == {model._meta.label for model in subjects.KNOWN}
    for label, actions in ACTIONS_OF.items():
        assert apps.get_model(label).view_action in actions  # type: ignore[attr-defined]
        assert len(actions) == len(set(actions))


def seen(user: User) -> dict[tuple[str, Action], set[Any]]:
    """What somebody may do, asked for one pair at a time."""
    actor = Actor.for_user(User.objects.get(pk=user.pk))
    found: dict[tuple[str, Action], set[Any]] = {}
    for label in COMPARED:
        rows: Any = apps.get_model(label)._default_manager.all()
        for action in ACTIONS_OF[label]:
            if ids := set(policy.visible(actor, action, rows).values_list("pk", flat=True)):
                found[label, action] = ids
    for action in ON_THE_PLATFORM:
        if policy.can(actor, action):
            found["", action] = {None}
    return found


@pytest.mark.parametrize(
    "name",
    ["proxy_admin", "auditor", "org_admin", "team_admin", "granted", "project_owner", "member", "loner", "viewer"],
)
def test_holdings_are_what_is_visible(cast: World, name: str) -> None:
    subjects.furnish(cast)
    assert holdings(cast.actor(name)) == seen(getattr(cast, name))


def test_holdings_cost_one_query_for_each_kind_of_row(cast: World) -> None:
    holdings(cast.actor("team_admin"))  # what is read once a process
    actor = cast.actor("team_admin")
    with CaptureQueriesContext(connection) as queries:
        holdings(actor)
    # and the grants of each kind of scope, and what models and groups need to know of places
    assert len(queries) <= len(COMPARED) + 3 + 3


Change = Callable[[World, User], Any]
SCOPES = {"organization": ("organization",), "team": ("team", "granted_team", "other_team"),
          "project": ("project", "other_project")}  # fmt: skip


def scopes() -> st.SearchStrategy[tuple[str, str]]:
    return st.sampled_from([(kind, name) for kind, names in SCOPES.items() for name in names])


@st.composite
def changes(draw: Any) -> Change:
    """A role given, changed or taken, a grant on a scope, or a platform role."""
    kind, name = draw(scopes())
    what = draw(st.sampled_from(("role", "leave", "grant", "platform")))
    if what == "platform":
        role = draw(st.sampled_from(PLATFORM_ROLES))
        return lambda cast, user: User.objects.filter(pk=user.pk).update(platform_role=role)
    if what == "leave":
        return lambda cast, user: Membership.objects.filter(user=user, group=getattr(cast, name).group).delete()
    if what == "grant":
        actions = draw(st.sets(st.sampled_from(GRANTABLE[kind])))
        return lambda cast, user: grants.set_for(getattr(cast, name), getattr(cast, name).group, actions)
    role = draw(st.sampled_from(SCOPED_ROLES[kind]))

    def give(cast: World, user: User) -> None:
        scope = getattr(cast, name)
        if not Membership.objects.filter(user=user, group=scope.group).update(role=role):
            join(user, scope, role)

    return give


@settings(max_examples=15)
@given(change=changes(), name=st.sampled_from(("member", "team_admin", "org_admin", "reader", "loner", "viewer")))
def test_a_difference_is_that_of_visible(cast: World, change: Change, name: str) -> None:
    user = getattr(cast, name)
    with undone():
        old, before = seen(user), holdings(cast.actor(name))
        change(cast, user)
        new, after = seen(user), holdings(cast.actor(name))
        found = {(one.label, one.action): (one.gained, one.lost) for one in difference(before, after)}
    expected = {
        pair: (new.get(pair, set()) - old.get(pair, set()), old.get(pair, set()) - new.get(pair, set()))
        for pair in {*old, *new}
        if old.get(pair, set()) != new.get(pair, set())
    }
    assert found == expected
