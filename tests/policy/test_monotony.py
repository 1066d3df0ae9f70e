"""Grants add, caps and reach limit, nothing denies: so who loses something never gains."""

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction

from rbacadmin import policy
from rbacadmin.policy import PLATFORM_ROLES, Action, Actor
from rbacadmin.policy.actor import narrower
from rbacadmin.policy.roles import CAPS, LEADING_ROLE, PLATFORM, ROLES, SCOPED_ROLES
from teams.models import User
from tests.policy.test_laws import law, sample
from tests.policy.worlds import GRANTS, Generated, Plan, world

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # nothing is asked of the database


def answers(actor: Actor, made: Generated, actions: list[Action]) -> set[tuple[Action, Any]]:
    """What the actor can do, among these actions."""
    return {(action, row) for row in [None, *made.rows] for action in actions if policy.can(actor, action, row)}


@law(examples=8)
def test_nobody_gains_by_losing_a_role_or_a_grant(plan: Plan) -> None:
    with world(plan) as made:
        chance = random.Random(1)
        for actor in made.actors():
            actions = chance.sample(list(Action), 10)
            before = answers(actor, made, actions)
            losses = [replace(actor, roles={s: r for s, r in actor.roles.items() if s != lost}) for lost in actor.roles]
            losses += [
                replace(actor, grants={s: a for s, a in actor.grants.items() if s != lost}) for lost in actor.grants
            ]
            losses += [replace(actor, active=False), replace(actor, user=None), replace(actor, key=None)]
            if actor.platform_role not in CAPS:  # with the auditor's role goes the auditor's cap
                losses.append(replace(actor, platform_role=""))
            for poorer in chance.sample(losses, min(len(losses), 2)):
                assert answers(poorer, made, actions) <= before, (actor, poorer)


@law(examples=6)
def test_caps_and_reach_only_shrink(plan: Plan) -> None:
    with world(plan) as made:
        chance = random.Random(2)
        places = [(scope.kind, scope.pk) for scope in made.scopes]
        for actor in made.actors():
            actions = chance.sample(list(Action), 10)
            before = answers(actor, made, actions)
            cap = frozenset(chance.sample(actions, 5))
            reach = narrower(frozenset(chance.sample(places, 2)), actor.reach)
            capped = answers(replace(actor, actions_cap=narrower(cap, actor.actions_cap)), made, actions)
            assert capped <= {(action, row) for action, row in before if action in cap}
            assert answers(replace(actor, reach=reach), made, actions) <= before, (actor, reach)


def test_nobody_gains_when_a_row_that_gives_something_goes() -> None:
    """Memberships, grants and platform roles, taken out of the database, for everybody at once."""
    lost: Counter[str] = Counter()

    @law(examples=12)
    def shrinks(plan: Plan) -> None:
        with world(plan) as made:
            chance = random.Random(len(made.rows))
            # what members get; the rest at random
            actions = [Action.SEE_TEAMS, Action.SEE_ORGANIZATIONS, Action.VIEW_PROJECTS, Action.VIEW_PEOPLE]
            actions += chance.sample(list(Action), 10)
            people = [person for person in made.people if person.platform_role not in CAPS]
            before = {person.pk: answers(Actor.for_user(person), made, actions) for person in people}
            groups = [scope.group_id for scope in made.scopes]
            gone: list[Any] = chance.sample(made.memberships, min(len(made.memberships), 4))
            gone += [row for table in GRANTS.values() for row in table.objects.filter(group_id__in=groups)][:9]
            for row in gone:
                with transaction.atomic():
                    kept, known = row.pk, type(row)
                    row.delete()
                    row.pk = kept
                    for person in people:
                        after = answers(Actor.for_user(User.objects.get(pk=person.pk)), made, actions)
                        assert after <= before[person.pk], (person, known)
                        lost[known.__name__] += len(before[person.pk]) - len(after)
                    transaction.set_rollback(True)

    shrinks()
    assert lost["Membership"] > 20
    assert sum(lost.values()) > lost["Membership"] + 10, lost


@law(examples=8)
def test_a_lower_platform_role_holds_no_more(plan: Plan) -> None:
    """The auditor's role stands apart: it reads everything and is capped to reading."""
    with world(plan) as made:
        for actor in made.actors()[:4]:
            actions = random.Random(4).sample(list(Action), 20)
            roles = ("proxy_admin", "internal_user", "internal_user_viewer")
            held = [answers(replace(actor, platform_role=role), made, actions) for role in roles]
            assert held[2] <= held[1] <= held[0]
            auditor = answers(replace(actor, platform_role="proxy_admin_viewer"), made, actions)
            assert {action for action, _ in auditor} <= {a for a in actions if a.is_read} | {Action.CHANGE_PROFILE}


@law(examples=15)
def test_a_key_never_exceeds_its_owner(plan: Plan) -> None:
    """Rulebook 17. What it has beyond them is reading itself."""
    with world(plan) as made:
        for actor, action, row in sample(made, 9, 1500):
            if actor.key is not None and actor.user is not None and policy.can(actor, action, row):
                assert policy.can(Actor.for_user(actor.user), action, row), (actor, action, row)


def test_leading_a_scope_includes_belonging_to_it() -> None:
    for kind, roles in SCOPED_ROLES.items():
        for role in roles:
            assert ROLES[kind][role] <= ROLES[kind][LEADING_ROLE[kind]]
    assert ROLES["team"]["admin"] <= ROLES["organization"]["org_admin"]
    assert ROLES["project"]["owner"] <= ROLES["organization"]["org_admin"]


def test_no_scoped_role_brings_what_belongs_to_the_platform() -> None:
    """Rulebook 5 and 22: platform actions never come with a lower role."""
    platform = {
        *(Action.CREATE_PLATFORM_PEOPLE, Action.CHANGE_PLATFORM_ROLES, Action.CHANGE_PEOPLE, Action.DELETE_PEOPLE),
        *(Action.CHANGE_ORGANIZATION_LIMITS, Action.CHANGE_ORGANIZATION_MODELS, Action.DELETE_ORGANIZATIONS),
        *(Action.MOVE_TEAMS, Action.WIDEN_KEYS, Action.MANAGE_MODELS, Action.MANAGE_ACCESS_GROUPS, Action.VIEW_AS),
        *(Action.CHANGE_SETTINGS, Action.RUN_JOBS, Action.RECORD_USAGE, Action.CREATE_ORGANIZATIONS),
    }
    for roles in ROLES.values():
        for role, bundle in roles.items():
            assert not bundle & platform, role
    for role in PLATFORM_ROLES:
        assert role == "proxy_admin" or not PLATFORM[role] & platform, role
