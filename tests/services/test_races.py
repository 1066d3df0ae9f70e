"""Two at a time. These tests commit, so they make their own rows, and the database is emptied after each.

pytest-django runs transactional tests after all others, because emptying the database takes the cast's world with it:
no test in this file, and none that runs after it, may use `cast`.
"""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from keys.actors import find_key
from keys.models import Key
from keys.moves import move_key
from keys.rotation import regenerate_key
from keys.services import generate_key
from orgs.models import Organization
from rbacadmin.errors import Conflict, NotFound, PermissionDenied
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Actor
from teams.models import Membership, User
from teams.services import add_member, change_member, create_team, move_team, remove_member
from tests.factories import KeyFactory, OrganizationFactory, TeamFactory, UserFactory, join

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 6


def together(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs at the same time, each with a connection of its own; give results and exceptions."""
    barrier = threading.Barrier(len(jobs))
    results: list[Any] = [None] * len(jobs)

    def run(number: int, job: Callable[[], Any]) -> None:
        try:
            barrier.wait(10)
            results[number] = job()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive(), "a deadlock"
    return results


def refusals(results: list[Any]) -> list[Any]:
    """The exceptions among the results; anything but a refusal is a bug."""
    errors = [result for result in results if isinstance(result, Exception)]
    for error in errors:
        assert isinstance(error, Conflict | PermissionDenied | NotFound), repr(error)
    return errors


def test_two_admins_who_remove_each_other_leave_one() -> None:
    """Rulebook 10."""
    for _ in range(ROUNDS):
        team = TeamFactory(organization=OrganizationFactory())
        first, second = UserFactory(), UserFactory()
        one, other = join(first, team, "admin"), join(second, team, "admin")
        join(UserFactory(), team, "user")
        results = together(
            partial(remove_member, Actor.for_user(first), other),
            partial(remove_member, Actor.for_user(second), one),
        )
        assert len(refusals(results)) == 1
        assert Membership.objects.filter(team=team, role="admin").count() == 1
        assert AuditEvent.objects.filter(event="member.remove", outcome="refused", team_id=team.pk).count() == 1


def test_two_org_admins_who_step_down_leave_one() -> None:
    """Rulebook 10."""
    for _ in range(ROUNDS):
        organization = OrganizationFactory()
        people = [UserFactory(), UserFactory()]
        held = [join(person, organization, "org_admin") for person in people]
        results = together(
            *(
                partial(change_member, Actor.for_user(person), membership, role="internal_user")
                for person, membership in zip(people, held, strict=True)
            )
        )
        assert len(refusals(results)) == 1
        assert Membership.objects.filter(organization=organization, role="org_admin").count() == 1


@pytest.mark.parametrize("bound", [True, False], ids=["in the team", "carried by the organization"])
def test_no_key_is_minted_for_a_leaver(bound: bool) -> None:
    """Rulebook 9: whichever comes first, no key lives there afterwards."""
    for _ in range(ROUNDS):
        organization = OrganizationFactory()
        team = TeamFactory(organization=organization)
        admin, leaver = UserFactory(), UserFactory()
        join(admin, organization, "org_admin")
        join(leaver, team, "admin")
        leaving = Membership.objects.get(user=leaver, group=organization.group)
        join(UserFactory(), team, "admin")
        where: dict[str, Any] = {"team": team} if bound else {}
        results = together(
            partial(remove_member, Actor.for_user(admin), leaving),
            partial(generate_key, Actor.for_user(leaver), owner=leaver, **where),
        )
        refusals([result for result in results if not isinstance(result, ValidationError)])
        assert not Membership.objects.filter(user=leaver).exists()
        assert not Key.objects.filter(user=leaver, organization=organization).exists()


def test_many_regenerations_leave_one_live_secret() -> None:
    """Each answer held a secret; the last one opens the key, and none of the others does."""
    owner = UserFactory()
    key = KeyFactory(user=owner)
    results = together(*(partial(regenerate_key, Actor.for_user(owner), key) for _ in range(20)))
    assert not refusals(results)
    made = [secret for _, secret in results]
    live = [secret for secret in [key.secret, *made] if find_key(secret) is not None]
    assert len(live) == 1
    assert live[0] in made
    assert AuditEvent.objects.filter(event="key.regenerated", object_id=str(key.pk)).count() == 20


def test_a_key_is_minted_before_its_team_moves_or_not_at_all() -> None:
    """Whichever comes first, every key of the team stands in the team's organization."""
    for _ in range(ROUNDS):
        team, there = TeamFactory(organization=OrganizationFactory()), OrganizationFactory()
        admin, root = UserFactory(), UserFactory(platform_role="proxy_admin")
        join(admin, team, "admin")
        results = together(
            partial(move_team, Actor.for_user(root), team, organization=there),
            partial(generate_key, Actor.for_user(admin), owner=admin, team=team),
        )
        assert all(error.code == "moved" for error in refusals(results))
        assert set(Key.objects.filter(team=team).values_list("organization", flat=True)) <= {there.pk}
        assert Membership.objects.filter(user=admin, organization=there).count() == 2


def test_a_key_is_not_moved_to_who_is_leaving() -> None:
    """Rulebook 9."""
    for _ in range(ROUNDS):
        organization = OrganizationFactory()
        team = TeamFactory(organization=organization)
        admin, giver, leaver = UserFactory(), UserFactory(), UserFactory()
        join(admin, organization, "org_admin")
        join(giver, team, "user")
        leaving = join(leaver, team, "user")
        key = KeyFactory(user=giver, team=team, organization=organization)
        results = together(
            partial(remove_member, Actor.for_user(admin), leaving),
            partial(move_key, Actor.for_user(admin), key, user=leaver),
        )
        refusals([result for result in results if not isinstance(result, ValidationError)])
        assert not Key.objects.filter(user=leaver, team=team).exists()


def test_a_name_is_taken_once() -> None:
    """Rulebook 21, also when two take it at the same time: the parent is locked."""
    organization = OrganizationFactory()
    admin = UserFactory()
    join(admin, organization, "org_admin")
    actor = Actor.for_user(admin)
    results = together(*(lambda: create_team(actor, organization, alias="Same") for _ in range(4)))
    assert len([result for result in results if not isinstance(result, Exception)]) == 1
    errors = [result for result in results if isinstance(result, Exception)]
    assert {type(error).__name__ for error in errors} == {"Duplicate"}
    assert organization.teams.count() == 1


def test_a_person_is_added_once() -> None:
    organization = OrganizationFactory()
    team = TeamFactory(organization=organization)
    admin, person = UserFactory(), UserFactory()
    join(admin, organization, "org_admin")
    join(person, organization, "internal_user")
    actor = Actor.for_user(admin)
    results = together(*(lambda: add_member(actor, team, person=person.email or "", role="user") for _ in range(4)))
    assert len([result for result in results if isinstance(result, Membership)]) == 1
    assert {type(r).__name__ for r in results if isinstance(r, Exception)} == {"Duplicate"}
    assert Membership.objects.filter(team=team, user=person).count() == 1


def test_who_is_demoted_first_changes_nothing_afterwards() -> None:
    """The one who waits for the lock is asked again once it is theirs."""
    for _ in range(ROUNDS):
        organization = OrganizationFactory()
        team = TeamFactory(organization=organization)
        boss, admin, victim = UserFactory(), UserFactory(), UserFactory()
        join(boss, organization, "org_admin")
        demoted, kept = join(admin, team, "admin"), join(victim, team, "user")
        results = together(
            partial(change_member, Actor.for_user(boss), demoted, role="user"),
            partial(remove_member, Actor.for_user(admin), kept),
        )
        errors = refusals(results)
        removed = AuditEvent.objects.filter(event="member.removed", team_id=team.pk).first()
        updated = AuditEvent.objects.get(event="member.updated", team_id=team.pk)
        assert (removed is None) == bool(errors)
        if removed is not None:
            assert removed.created_at < updated.created_at
    assert Organization.objects.count() >= ROUNDS
    assert User.objects.exists()
