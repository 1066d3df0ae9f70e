"""An explanation names what carries a decision: take it away and the answer flips."""

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from rbacadmin import policy
from rbacadmin.policy import Action, Actor, Decision, Reason
from rbacadmin.policy.engine import reasons
from rbacadmin.policy.scopes import scope_models
from rbacadmin.policy.subjects import is_self
from teams.models import Membership, User
from tests.policy.test_laws import law, sample
from tests.policy.worlds import GRANTS, Plan, world

pytestmark = pytest.mark.django_db

WORLDS, EACH = 25, 420  # 10,500 questions


def without(actor: Actor, told: tuple[Reason, ...]) -> Actor:
    """The actor who lacks what these reasons name."""
    roles, grants = dict(actor.roles), {scope: set(actions) for scope, actions in actor.grants.items()}
    changes: dict[str, Any] = {}
    for reason in told:
        if reason.kind == "platform":
            changes["platform_role"] = ""
        elif reason.kind == "role":
            assert reason.scope is not None
            roles.pop(reason.scope)
        elif reason.kind == "grant":
            assert reason.scope is not None
            grants[reason.scope].remove(Action(reason.name))
        else:
            changes |= {"user": None, "key": None}
            if actor.user is None and actor.key is None:  # a token is nobody: what it has comes with its team
                roles.clear()
    held = {scope: frozenset(actions) for scope, actions in grants.items()}
    return replace(actor, roles=roles, grants=held, **changes)


def only(actor: Actor, reason: Reason, row: Any) -> Actor:
    """The actor who has nothing but what this reason names (and is still who they are, where the row is themselves)."""
    kept: dict[str, Any] = {"roles": {}, "grants": {}, "platform_role": ""}
    if not is_self(actor, row) and reason.kind != "owner":
        kept |= {"user": None, "key": None}
    if reason.kind == "platform":
        kept["platform_role"] = reason.name
    elif reason.kind == "role":
        kept["roles"] = {reason.scope: reason.name}
    elif reason.kind == "grant":
        kept["grants"] = {reason.scope: frozenset({Action(reason.name)})}
    elif reason.kind == "owner":  # what is one's own depends on the platform role and on being in the project
        kept |= {"platform_role": actor.platform_role, "roles": actor.roles}
    return replace(actor, **kept)


def unlimited(actor: Actor, decided: Decision) -> Actor:
    """The actor without the limits that the decision names."""
    kinds = {limit.kind for limit in decided.limits}
    changes: dict[str, Any] = {}
    if "inactive" in kinds:
        changes["active"] = True
    if "role_cap" in kinds:
        changes["platform_role"] = ""
    if "key_cap" in kinds:
        changes["actions_cap"] = None
    if "reach" in kinds:
        changes["reach"] = None
    return replace(actor, **changes)


@pytest.mark.sqlite
def test_removing_what_an_explanation_names_flips_the_answer() -> None:
    asked: Counter[str] = Counter()

    @law(examples=WORLDS)
    def flips(plan: Plan) -> None:
        with world(plan) as made:
            chance = random.Random(7)
            everything = sample(made, 7, EACH * 20)
            told = [triple for triple in everything if any(reasons(*triple))]  # most questions have no reason at all
            chosen = chance.sample(told, min(len(told), EACH * 9 // 10))
            chosen += chance.sample(everything, EACH - len(chosen))
            for actor, action, row in chosen:
                asked.update(check(actor, action, row))

    flips()
    assert sum(asked.values()) >= 10_000, asked
    assert asked["allowed"] >= 2_000, asked
    assert asked["held back"] >= 2_000, asked
    assert asked["no reason"] >= 500, asked


def check(actor: Actor, action: Action, row: Any) -> list[str]:
    """One question: the explanation says what the check says, and why."""
    decided = policy.explain(actor, action, row)
    assert decided.allowed == policy.can(actor, action, row)
    assert decided.allowed == (bool(decided.reasons) and not decided.limits), decided
    assert not policy.can(without(actor, decided.reasons), action, row), decided
    if decided.allowed:
        for reason in decided.reasons:
            assert policy.can(only(actor, reason, row), action, row), (reason, decided)
        return ["allowed"]
    if decided.reasons:
        assert policy.can(unlimited(actor, decided), action, row), decided
        return ["held back"]
    lifted = replace(actor, active=True, actions_cap=None)
    assert not policy.can(lifted, action, row), decided
    return ["no reason"]


@law(examples=12)
def test_removing_the_rows_behind_a_reason_flips_the_answer(plan: Plan) -> None:
    """The same in the database: the membership ends, the grants go, the platform role goes."""
    with world(plan) as made:
        people = {actor.principal: actor for actor in made.actors() if actor.principal.startswith("user:")}
        told = [(a, action, row) for a, action, row in sample(made, 3, 4000) if a.principal in people and not a.reach]
        told = [triple for triple in told if policy.can(*triple)]
        kept = [t for t in told if not {reason.kind for reason in reasons(*t)} & {"owner"}]
        for actor, action, row in random.Random(3).sample(kept, min(len(kept), 20)):
            decided = policy.explain(actor, action, row)
            with transaction.atomic():
                for reason in decided.reasons:
                    remove(actor, reason)
                assert not policy.can(Actor.for_user(User.objects.get(pk=actor.user_id)), action, row), decided
                transaction.set_rollback(True)


def remove(actor: Actor, reason: Reason) -> None:
    if reason.kind == "platform":
        User.objects.filter(pk=actor.user_id).update(platform_role="internal_user")
        return
    assert reason.scope is not None
    kind, pk = reason.scope
    if reason.kind == "grant":
        GRANTS[kind].objects.filter(content_object_id=pk, permission__codename=reason.name).delete()
    else:
        group = scope_models()[kind]._default_manager.get(pk=pk).group_id  # type: ignore[attr-defined]
        Membership.objects.filter(user_id=actor.user_id, group_id=group).delete()


@law(examples=20)
def test_who_could_are_people_who_can_and_whom_the_asker_may_see(plan: Plan) -> None:
    with world(plan) as made:
        labels: dict[str, list[User]] = {}
        for person in User.objects.all():
            labels.setdefault(person.label, []).append(person)
        for actor, action, row in sample(made, 5, 60):
            for name in policy.explain(actor, action, row).who_could:
                (person,) = labels[name]
                assert policy.can(Actor.for_user(person), action, row), (name, action, row)
                assert policy.can(actor, Action.VIEW_PEOPLE, person), (actor, name)


@pytest.mark.sqlite
@law(examples=20)
def test_reasons_told_to_others_name_only_scopes_that_they_can_see(plan: Plan) -> None:
    """Rulebook 12. About oneself one hears everything."""
    with world(plan) as made:
        scopes = {(scope.kind, scope.pk): scope for scope in made.scopes}
        chance = random.Random(11)
        askers = made.actors()
        for actor, action, row in sample(made, 11, 400):
            if not any(reasons(actor, action, row)):
                continue
            asker = chance.choice(askers)
            decided = policy.explain(actor, action, row, asker=asker)
            for reason in decided.reasons:
                if reason.scope and asker.principal != actor.principal:
                    scope = scopes[reason.scope]
                    assert policy.can(asker, scope.view_action, scope), (asker, reason)
            mine = policy.explain(actor, action, row)
            assert {reason._replace(until=None) for reason in mine.reasons} == set(reasons(actor, action, row))
            for ending in (reason for reason in mine.reasons if reason.until is not None):
                lasting, over = actor.at(ending.until), actor.at(ending.until + timedelta(microseconds=1))
                assert ending._replace(until=None) in set(reasons(lasting, action, row)), "up to its end"
                assert ending._replace(until=None) not in set(reasons(over, action, row)), "and no longer"
