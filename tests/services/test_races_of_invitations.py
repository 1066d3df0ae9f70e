"""Two at a time, at one invitation. See `test_races.py` for what such tests may not use."""

from functools import partial

import pytest

from rbacadmin.policy import Actor
from teams.models import Invitation, User
from teams.services import accept_invitation, create_invitation, revoke_invitation
from teams.services.invitations import digest
from tests.factories import OrganizationFactory, TeamFactory, UserFactory, join
from tests.services.test_races import ROUNDS, refusals, together
from tests.world import invited

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORDS = ("correct horse battery staple", "another long enough password")


def pending() -> tuple[User, User, Invitation]:
    """A team's admin, somebody invited to the team, and the invitation."""
    team = TeamFactory(organization=OrganizationFactory())
    admin, person = UserFactory(), UserFactory()
    join(admin, team, "admin")
    join(person, team, "user")
    return admin, person, invited(person, team)[0]


def test_two_who_accept_at_once_leave_one_password() -> None:
    for _ in range(ROUNDS):
        _, person, invitation = pending()
        actor = Actor.for_user(person)
        jobs = [partial(accept_invitation, actor, invitation, person=person, password=word) for word in PASSWORDS]
        results = together(*jobs)
        assert len(refusals(results)) == 1
        winner = next(number for number, result in enumerate(results) if isinstance(result, User))
        assert User.objects.get(pk=person.pk).check_password(PASSWORDS[winner])


def test_two_who_send_again_leave_one_live_link() -> None:
    for _ in range(ROUNDS):
        admin, person, invitation = pending()
        invitation.delete()
        results = together(*[partial(create_invitation, Actor.for_user(admin), person) for _ in range(2)])
        assert not refusals(results)
        live = Invitation.objects.get(user=person)
        assert sum(live.digest == digest(secret) for _, secret in results) == 1


def test_who_accepts_what_is_being_revoked_gets_it_or_not() -> None:
    for _ in range(ROUNDS):
        admin, person, invitation = pending()
        results = together(
            partial(accept_invitation, Actor.for_user(person), invitation, person=person, password=PASSWORDS[0]),
            partial(revoke_invitation, Actor.for_user(admin), invitation),
        )
        assert len(refusals(results)) == 1
        accepted = Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=False).exists()
        assert User.objects.get(pk=person.pk).has_usable_password() == accepted
