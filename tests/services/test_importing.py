"""Bringing people in from a list: both places or neither, and nothing that is there changes."""

import pytest
from django.core.exceptions import ValidationError

from rbacadmin.errors import PermissionDenied
from rbacadmin.models import AuditEvent
from teams.models import Membership, User
from teams.services import bring_person
from tests.world import World


def test_a_new_person_joins_the_organization_and_a_team(cast: World) -> None:
    made = bring_person(
        cast.actor("org_admin"), cast.organization, person="Ada@Example.com", role="owner", team=cast.team,
        team_role="admin", max_budget=5,
    )  # fmt: skip
    assert [(row.scope, row.role, row.max_budget) for row in made] == [
        (cast.organization, "org_admin", 5), (cast.team, "admin", None)
    ]  # fmt: skip
    events = AuditEvent.objects.filter(event="member.added", object_label__contains="ada@example.com")
    assert events.count() == 2


def test_what_is_there_stays_as_it_is(cast: World) -> None:
    made = bring_person(cast.actor("org_admin"), cast.organization, person="reader@acme.example.com", role="owner")
    assert made == []
    assert Membership.objects.get(user=cast.reader, team=None).role == "internal_user"
    more = bring_person(
        cast.actor("org_admin"), cast.organization, person="reader@acme.example.com", role="member", team=cast.team
    )
    assert [row.scope for row in more] == [cast.team]


def test_a_team_that_cannot_be_joined_leaves_the_person_outside(cast: World) -> None:
    with pytest.raises(ValidationError):
        bring_person(
            cast.actor("org_admin"), cast.organization, person="ada@example.com", role="member", team=cast.team,
            team_role="emperor",
        )  # fmt: skip
    with pytest.raises(PermissionDenied):
        bring_person(
            cast.actor("org_admin"), cast.organization, person="ada@example.com", role="member", team=cast.there.team
        )
    assert not User.objects.filter(email="ada@example.com").exists()


def test_who_manages_nobody_brings_nobody_and_that_is_on_record(cast: World) -> None:
    with pytest.raises(PermissionDenied):
        bring_person(cast.actor("member"), cast.organization, person="ada@example.com", role="member")
    assert AuditEvent.objects.filter(
        event="organization.bring_person", status=403, actor_user_id=cast.member.pk
    ).exists()
