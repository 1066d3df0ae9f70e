"""Two at a time, about people: see `test_races.py` for what holds in such a file."""

from functools import partial
from typing import Any

import pytest

from keys.models import Key
from keys.services import generate_key
from rbacadmin.policy import Actor
from teams.models import Membership, User
from teams.services import add_member, block_users, delete_users, update_user
from tests.factories import OrganizationFactory, TeamFactory, UserFactory, join
from tests.services.test_races import ROUNDS, refusals, together

pytestmark = pytest.mark.django_db(transaction=True)


def block(actor: Actor, user: User) -> Any:
    return block_users(actor, [user])


def delete(actor: Actor, user: User) -> Any:
    return delete_users(actor, [user])


def demote(actor: Actor, user: User) -> Any:
    return update_user(actor, user, platform_role="internal_user")


@pytest.mark.parametrize(
    ("one", "other"), [(block, block), (delete, delete), (demote, demote), (block, delete), (delete, demote)]
)
def test_two_platform_admins_against_each_other_leave_one(one: Any, other: Any) -> None:
    """Rulebook 10."""
    for _ in range(ROUNDS):
        User.objects.filter(platform_role="proxy_admin").delete()
        first, second = UserFactory(platform_role="proxy_admin"), UserFactory(platform_role="proxy_admin")
        results = together(
            partial(one, Actor.for_user(first), second),
            partial(other, Actor.for_user(second), first),
        )
        assert len(refusals(results)) == 1
        assert User.objects.filter(platform_role="proxy_admin", blocked_by="").count() == 1


def test_two_org_admins_who_are_blocked_at_once_leave_one() -> None:
    """Rulebook 10."""
    for _ in range(ROUNDS):
        organization = OrganizationFactory()
        people = [UserFactory(), UserFactory()]
        for person in people:
            join(person, organization, "org_admin")
        results = together(*(partial(block, Actor.master(), person) for person in people))
        assert len(refusals(results)) == 1
        left = Membership.objects.filter(organization=organization, role="org_admin", user__blocked_by="")
        assert left.count() == 1


def test_nothing_lives_on_of_who_is_deleted_meanwhile() -> None:
    """Rulebook 9: whichever comes first, there is neither a key nor a membership of somebody who is gone."""
    for _ in range(ROUNDS):
        organization = OrganizationFactory()
        team = TeamFactory(organization=organization)
        person = UserFactory()
        join(person, organization, "internal_user")
        results = together(
            partial(delete, Actor.master(), person),
            partial(generate_key, Actor.for_user(person), owner=person),
            partial(add_member, Actor.master(), team, person=person.public_id, role="user"),
        )
        assert results[0] == 1
        assert not Key.objects.filter(user_id=person.pk).exists()
        assert not Membership.objects.filter(user_id=person.pk).exists()
