"""A key for somebody else, or somewhere else: by whom, to where, and what must fit."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from keys.models import Key
from keys.moves import move_key
from rbacadmin.errors import Duplicate, PermissionDenied
from rbacadmin.management.invariants import INVARIANTS
from rbacadmin.models import AuditEvent, Change
from rbacadmin.policy import Action, Actor
from tests.factories import KeyFactory, TeamFactory, join
from tests.world import World


def refused(error: type[Exception], *args: Any, **kwargs: Any) -> Any:
    before = list(Key.objects.order_by("pk").values()), Change.objects.count()
    with pytest.raises(error) as caught:
        move_key(*args, **kwargs)
    assert (list(Key.objects.order_by("pk").values()), Change.objects.count()) == before
    return caught.value


def place(key: Key) -> tuple[Any, ...]:
    stored = Key.objects.get(pk=key.pk)
    return stored.user, stored.team, stored.project, stored.organization


def test_a_key_moves_inside_its_organization(cast: World) -> None:
    """KEY-16, and the record: each place hears of its own side."""
    join(cast.member, cast.other_team, "user")
    key = cast.here.keys["member_team"]
    move_key(cast.actor("org_admin"), key, team=cast.other_team)
    assert place(key) == (cast.member, cast.other_team, None, cast.organization)
    out, came = AuditEvent.objects.get(event="key.moved_out"), AuditEvent.objects.get(event="key.moved_in")
    assert (out.team_id, came.team_id) == (cast.team.pk, cast.other_team.pk)
    assert str(cast.other_team.pk) not in str(out.details)
    assert str(cast.team.pk) not in str(came.details)
    assert Change.objects.filter(kind="key", object_id=str(key.pk), op="updated").count() == 2
    assert [*INVARIANTS["I3"](), *INVARIANTS["I5"]()] == []


def test_a_key_gets_another_owner(cast: World) -> None:
    key = cast.here.keys["member_team"]
    move_key(cast.actor("org_admin"), key, user=cast.colleague)
    assert place(key) == (cast.colleague, cast.team, None, cast.organization)
    event = AuditEvent.objects.get()
    assert event.event == "key.reassigned"
    assert event.details == {"changed": {"owner": [cast.member.email, cast.colleague.email]}, "handed_on": True}


@pytest.mark.parametrize("name", ["team_admin", "member", "granted", "auditor", "project_owner", "stranger"])
def test_who_may_not_move_keys_does_not(cast: World, name: str) -> None:
    """KEY-16: not even a team admin, nor the owner."""
    key = cast.here.keys["granted_team" if name == "granted" else "member_team"]
    refused(PermissionDenied, cast.actor(name), key, team=cast.other_team)
    event = AuditEvent.objects.get()
    assert (event.event, event.object_id, event.status) == ("key.move", str(key.pk), 403)


@pytest.mark.parametrize("name", ["org_admin", "stranger"])
def test_only_platform_admins_move_keys_across_organizations(cast: World, name: str) -> None:
    """KEY-17, also for who administers both."""
    join(cast.org_admin, cast.there.organization, "org_admin")
    join(cast.member, cast.there.team, "user")
    key = KeyFactory(user=cast.member, team=cast.team, organization=cast.organization)
    refused(PermissionDenied, cast.actor(name), key, team=cast.there.team)
    refused(PermissionDenied, cast.actor(name), key, team=None, organization=None)
    move_key(cast.actor("proxy_admin"), key, team=cast.there.team)
    assert place(key) == (cast.member, cast.there.team, None, cast.there.organization)


def test_the_owner_is_a_member_of_where_the_key_goes(cast: World) -> None:
    key = cast.here.keys["member_team"]
    for where in ({"team": cast.other_team}, {"team": None, "project": cast.project}, {"user": cast.outsider}):
        error = refused(ValidationError, cast.actor("org_admin"), key, **where)
        assert list(error.message_dict) == ["user_id"]
    personal = KeyFactory(user=cast.member, organization=cast.organization)
    error = refused(ValidationError, cast.actor("proxy_admin"), personal, organization=cast.there.organization)
    assert list(error.message_dict) == ["organization_id"]


def test_a_place_fits_together(cast: World) -> None:
    key = cast.here.keys["member_team"]
    admin = cast.actor("proxy_admin")
    assert "organization_id" in refused(ValidationError, admin, key, organization=cast.there.organization).message_dict
    assert "project_id" in refused(ValidationError, admin, key, project=cast.there.project).message_dict


def test_a_key_leaves_its_team_and_becomes_its_owners_own(cast: World) -> None:
    """Rulebook 16: the organization that carried it still does; only platform admins unbind it from that too."""
    key = cast.here.keys["member_team"]
    move_key(cast.actor("org_admin"), key, team=None)
    assert place(key) == (cast.member, None, None, cast.organization)
    refused(PermissionDenied, cast.actor("org_admin"), Key.objects.get(pk=key.pk), organization=None)
    move_key(cast.actor("proxy_admin"), Key.objects.get(pk=key.pk), organization=None)
    assert place(key) == (cast.member, None, None, None)


def test_a_personal_key_is_not_the_organizations_to_move(cast: World) -> None:
    """Rulebook 16: its admins see, block and delete it. Nor its owner's; a platform admin assigns it to a team."""
    key = cast.here.keys["member_personal"]
    for name in ("org_admin", "member"):
        refused(PermissionDenied, cast.actor(name), key, team=cast.team)
    move_key(cast.actor("proxy_admin"), key, team=cast.team)
    assert place(key) == (cast.member, cast.team, None, cast.organization)


def test_names_and_limits_fit_the_new_place(cast: World) -> None:
    """Rulebook 14 and 21."""
    join(cast.member, cast.there.team, "user")
    refused(Duplicate, cast.actor("proxy_admin"), cast.here.keys["member_team"], team=cast.there.team)
    rich = KeyFactory(user=cast.member, team=cast.other_team, organization=cast.organization, max_budget=101 * 10**9)
    error = refused(ValidationError, cast.actor("org_admin"), rich, team=cast.team)
    assert list(error.message_dict) == ["max_budget"]


def test_nobody_moves_a_key_of_or_to_who_ranks_above(cast: World) -> None:
    """Rulebook 11: here, who holds more in the team than a key of two actions does."""
    actions = [Action.MOVE_KEYS.value, Action.CREATE_KEYS_FOR_OTHERS.value]
    few = Actor.for_key(KeyFactory(user=cast.org_admin, organization=cast.organization, actions=actions))
    refused(PermissionDenied, few, cast.here.keys["member_team"], user=cast.colleague)
    refused(PermissionDenied, few, cast.here.keys["member_team"], user=None)
    assert move_key(cast.actor("org_admin"), cast.here.keys["member_team"], user=cast.team_admin)


def test_a_key_that_is_held_to_less_hands_out_no_more(cast: World) -> None:
    """Rulebook 11: a leaked key of few routes, or of a few hours, makes nobody's key its owner's."""
    join(cast.proxy_admin, cast.team, "user")
    loose = cast.here.keys["member_team"]
    for limits in ({"allowed_routes": ["/key/update"]}, {"expires_at": timezone.now() + timedelta(hours=1)}):
        actor = Actor.for_key(KeyFactory(user=cast.proxy_admin, **limits))
        refused((PermissionDenied, ValidationError), actor, loose, user=cast.proxy_admin)  # type: ignore[arg-type]
    in_team = Actor.for_key(KeyFactory(user=cast.org_admin, team=cast.team, organization=cast.organization))
    refused(PermissionDenied, in_team, loose, team=None)


def test_a_service_key_moves_but_gets_no_person(cast: World) -> None:
    key = cast.here.keys["team_service"]
    admin = cast.actor("org_admin")
    assert "user_id" in refused(ValidationError, admin, key, user=cast.member).message_dict
    assert "team_id" in refused(ValidationError, admin, key, team=None).message_dict
    account = key.user
    move_key(admin, key, team=None, project=cast.project)
    assert place(key) == (account, None, cast.project, cast.organization)


def test_a_key_may_lose_its_person(cast: World) -> None:
    """As platform and team admins may mint one for nobody: it has the scope's basics then."""
    key = cast.here.keys["member_team"]
    move_key(cast.actor("org_admin"), key, user=None)
    assert place(key) == (None, cast.team, None, cast.organization)


def test_a_gateway_credential_stays(cast: World) -> None:
    refused(ValidationError, cast.actor("proxy_admin"), KeyFactory(kind="gateway"), user=cast.member)


def test_a_move_to_where_the_key_is_asks_for_nothing(cast: World) -> None:
    key = cast.here.keys["member_team"]
    move_key(cast.actor("member"), key, user=cast.member, team=cast.team, organization=cast.organization)
    assert not AuditEvent.objects.exists()


def test_a_team_without_organization_takes_keys_of_its_members(cast: World) -> None:
    alone = TeamFactory(organization=None)
    join(cast.loner, alone, "user")
    key = KeyFactory(user=cast.loner)
    move_key(cast.actor("proxy_admin"), key, team=alone)
    assert place(key) == (cast.loner, alone, None, None)
