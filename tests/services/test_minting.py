"""Minting virtual keys: who mints which for whom, and where they live."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from keys import secrets
from keys.models import Key
from keys.rotation import regenerate_key
from keys.services import (
    generate_gateway_key,
    generate_key,
    generate_service_key,
    update_key,
)
from rbacadmin import policy
from rbacadmin.errors import Duplicate, PermissionDenied
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Action, Actor
from teams.models import Membership
from tests.factories import KeyFactory, TeamFactory, join
from tests.services.test_keys import refused
from tests.world import World


def test_a_person_mints_their_own_personal_key(cast: World) -> None:
    """Rulebook 16: it carries its owner's only organization; the secret is told once, its hash is kept."""
    key, secret = generate_key(cast.actor("member"), owner=cast.member, alias="mine")
    assert (key.user, key.organization, key.team, key.kind) == (cast.member, cast.organization, None, "personal")
    assert secrets.is_well_formed(secret)
    assert key.token == secrets.digest(secret)
    assert secret[-4:] == key.hint
    assert secret not in str(Key.objects.filter(pk=key.pk).values())
    event = AuditEvent.objects.get()
    assert (event.event, event.object_id, event.organization_id) == ("key.generated", str(key.pk), cast.organization.pk)
    assert event.details == {"owner": cast.member.email, "alias": "mine"}
    assert secret not in str(AuditEvent.objects.values())


@pytest.mark.parametrize("name", ["viewer", "auditor"])
def test_who_only_views_mints_nothing(cast: World, name: str) -> None:
    """Rulebook 4."""
    refused(PermissionDenied, generate_key, cast.actor(name), owner=getattr(cast, name))
    assert AuditEvent.objects.get().event == "key.generate"


def test_a_member_mints_in_the_team_only_if_the_team_lets_them(cast: World) -> None:
    """Rulebook 3: also one's own."""
    refused(PermissionDenied, generate_key, cast.actor("member"), owner=cast.member, team=cast.team)
    key, _ = generate_key(cast.actor("granted"), owner=cast.granted, team=cast.granted_team)
    assert (key.team, key.organization) == (cast.granted_team, cast.organization)
    refused(PermissionDenied, generate_key, cast.actor("granted"), owner=cast.granted_colleague, team=cast.granted_team)


def test_a_team_admin_mints_for_members_of_the_team(cast: World) -> None:
    key, _ = generate_key(cast.actor("team_admin"), owner=cast.member, team=cast.team)
    assert key.user == cast.member
    error = refused(ValidationError, generate_key, cast.actor("team_admin"), owner=cast.outsider, team=cast.team)
    assert "user_id" in error.message_dict
    refused(PermissionDenied, generate_key, cast.actor("team_admin"), owner=cast.member, team=cast.other_team)
    refused(PermissionDenied, generate_key, cast.actor("team_admin"), owner=cast.member)


def test_nobody_mints_for_who_ranks_above(cast: World) -> None:
    """Rulebook 11: the org admin's role reaches into the team."""
    join(cast.org_admin, cast.team, "user")
    refused(PermissionDenied, generate_key, cast.actor("team_admin"), owner=cast.org_admin, team=cast.team)
    join(cast.proxy_admin, cast.organization, "internal_user")
    assert generate_key(cast.actor("org_admin"), owner=cast.proxy_admin, organization=cast.organization)


def test_an_org_admin_mints_keys_that_act_in_the_organization_only(cast: World) -> None:
    """Rulebook 16."""
    join(cast.member, cast.there.organization, "org_admin")
    key, _ = generate_key(cast.actor("org_admin"), owner=cast.member)
    assert key.organization == cast.organization
    assert Actor.for_key(key).reach == {("organization", cast.organization.pk)}
    refused(ValidationError, generate_key, cast.actor("org_admin"), owner=cast.loner, organization=cast.organization)
    refused(
        PermissionDenied, generate_key, cast.actor("org_admin"), owner=cast.member, organization=cast.there.organization
    )


def test_an_owner_of_several_organizations_who_names_none_gets_a_key_that_carries_none(cast: World) -> None:
    """Rulebook 16."""
    join(cast.member, cast.there.organization, "internal_user")
    assert generate_key(cast.actor("member"), owner=cast.member)[0].organization is None
    chosen, _ = generate_key(cast.actor("member"), owner=cast.member, organization=cast.there.organization)
    assert chosen.organization == cast.there.organization


@pytest.mark.parametrize("where", ["nothing", "organization", "other team"])
def test_a_key_of_one_team_mints_no_wider_key_for_its_owner(cast: World, where: str) -> None:
    """Rulebook 11 and 17: a leaked team key stays a team key."""
    join(cast.team_admin, cast.other_team, "admin")
    actor = Actor.for_key(cast.here.keys["team_admin_team"])
    places: dict[str, dict[str, Any]] = {
        "nothing": {"unbound": True},
        "organization": {"organization": cast.organization},
        "other team": {"team": cast.other_team},
    }
    refused(PermissionDenied, generate_key, actor, owner=cast.team_admin, **places[where])
    assert generate_key(actor, owner=cast.team_admin, team=cast.team)


def test_a_key_of_a_team_without_organization_mints_no_personal_key_either(cast: World) -> None:
    alone = TeamFactory(organization=None)
    join(cast.loner, alone, "admin")
    actor = Actor.for_key(KeyFactory(user=cast.loner, team=alone))
    refused(PermissionDenied, generate_key, actor, owner=cast.loner)


def test_a_team_and_a_project_of_one_organization_may_both_be_named(cast: World) -> None:
    """Rulebook 16."""
    join(cast.org_admin, cast.team, "user")
    join(cast.org_admin, cast.project, "member")
    key, _ = generate_key(cast.actor("org_admin"), owner=cast.org_admin, team=cast.team, project=cast.project)
    assert key.reach() == {("team", cast.team.pk), ("project", cast.project.pk)}
    for values in ({"project": cast.there.project}, {"organization": cast.there.organization}):
        refused(
            ValidationError, generate_key, cast.actor("proxy_admin"), owner=cast.org_admin, team=cast.team, **values
        )


def test_a_key_stays_within_its_parents(cast: World) -> None:
    """Rulebook 14 and KEY-15: for everybody."""
    for name in ("team_admin", "org_admin", "proxy_admin"):
        for values in ({"max_budget": 101 * 10**9}, {"rpm_limit": 101}, {"models": ["o1"]}):
            error = refused(
                ValidationError, generate_key, cast.actor(name), owner=cast.member, team=cast.team, **values
            )
            assert set(error.message_dict) == set(values)


def test_aliases_are_unique_in_the_organization(cast: World) -> None:
    """Rulebook 21."""
    refused(Duplicate, generate_key, cast.actor("member"), owner=cast.member, alias="MEMBER-Team")
    generate_key(cast.actor("member"), owner=cast.member, alias="only-here")
    assert generate_key(cast.actor("stranger"), owner=cast.stranger, alias="Only-Here")
    key = cast.here.keys["member_personal"]
    refused(Duplicate, update_key, cast.actor("member"), key, alias="colleague-team")


@pytest.mark.parametrize(
    "values", [{"actions": ["view_keys"]}, {"allowed_routes": ["/key/info"]}, {"permissions": {"a": 1}}]
)
def test_only_platform_admins_change_what_a_key_may_do(cast: World, values: dict[str, Any]) -> None:
    """KEY-18."""
    refused(PermissionDenied, update_key, cast.actor("org_admin"), cast.here.keys["member_team"], **values)
    assert update_key(cast.actor("proxy_admin"), cast.here.keys["member_team"], **values)


def test_whoever_makes_a_key_may_hold_it_to_less(cast: World) -> None:
    """Routes and actions take away; `permissions` give, so they are the platform's."""
    for values in ({"actions": ["view_keys"]}, {"allowed_routes": ["/key/info"]}):
        assert generate_key(cast.actor("member"), owner=cast.member, **values)
    refused(PermissionDenied, generate_key, cast.actor("org_admin"), owner=cast.org_admin, permissions={"a": 1})


@pytest.mark.parametrize("routes", [[], ["/key/info", "/key/list"], ["/key/*"]])
def test_a_key_held_to_routes_makes_none_that_is_held_to_fewer(cast: World, routes: list[str]) -> None:
    """Rulebook 11: nobody hands out more than they hold."""
    held = KeyFactory(user=cast.proxy_admin, allowed_routes=["/key/generate", "/key/update", "/key/info"])
    actor, other = Actor.for_key(held), cast.here.keys["member_team"]
    refused(PermissionDenied, generate_key, actor, owner=cast.proxy_admin, allowed_routes=routes)
    refused(PermissionDenied, generate_service_key, actor, team=cast.team, allowed_routes=routes)
    refused(PermissionDenied, update_key, actor, held, allowed_routes=routes)
    assert generate_key(actor, owner=cast.proxy_admin, allowed_routes=["/key/info"])
    assert update_key(actor, other, alias="renamed")


def test_a_key_that_calls_no_model_makes_no_service_key_that_does(cast: World) -> None:
    held = KeyFactory(user=cast.team_admin, team=cast.team, organization=cast.organization)
    held.actions = [Action.CREATE_SERVICE_KEYS.value]
    held.save()
    refused(PermissionDenied, generate_service_key, Actor.for_key(held), team=cast.team)


@pytest.mark.parametrize("name", ["team_admin", "org_admin", "proxy_admin", "granted"])
def test_service_keys_belong_to_a_team_or_project_and_to_nobody(cast: World, name: str) -> None:
    """Rulebook 16."""
    team = cast.granted_team if name == "granted" else cast.team
    key, secret = generate_service_key(cast.actor(name), team=team, alias="robot")
    assert (key.kind, key.team, key.organization) == ("service", team, cast.organization)
    assert key.user is not None
    assert (key.user.kind, key.user.email) == ("service", None)
    assert not key.user.has_usable_password()
    assert secret.startswith("sk-s_")
    assert AuditEvent.objects.get(event="key.generated").details["owner"] == "service account"


def test_who_mints_no_service_keys(cast: World) -> None:
    for name in ("member", "reader", "auditor", "stranger", "project_owner"):
        refused(PermissionDenied, generate_service_key, cast.actor(name), team=cast.team)
    refused(ValidationError, generate_service_key, cast.actor("proxy_admin"))


def test_a_platform_admin_mints_a_key_without_owner_and_place(cast: World) -> None:
    """Rulebook 16."""
    key, _ = generate_key(cast.actor("proxy_admin"))
    assert (key.user, key.organization, key.reach()) == (None, None, frozenset())
    refused(PermissionDenied, generate_key, cast.actor("org_admin"))


def test_no_key_is_minted_for_who_was_a_member_once(cast: World) -> None:
    """Rulebook 9."""
    Membership.objects.filter(user=cast.member, team=cast.team).update(expires_at=timezone.now() - timedelta(seconds=1))
    refused(ValidationError, generate_key, cast.actor("team_admin"), owner=cast.member, team=cast.team)


def test_a_key_that_ends_makes_none_that_outlives_it(cast: World) -> None:
    """Rulebook 11: what was handed out for an hour is no more than that."""
    end = timezone.now() + timedelta(hours=1)
    held = KeyFactory(user=cast.org_admin, organization=cast.organization, expires_at=end)
    actor, other = Actor.for_key(held), cast.here.keys["member_team"]
    for values in ({}, {"expires_at": None}, {"expires_at": end + timedelta(seconds=1)}):
        for verb, where in (
            (generate_key, {"owner": cast.org_admin, "organization": cast.organization}),
            (generate_service_key, {"team": cast.team}),
        ):
            error = refused(ValidationError, verb, actor, **where, **values)
            assert list(error.message_dict) == ["expires_at"]
        if values:
            own = KeyFactory(user=cast.member, team=cast.team, organization=cast.organization, expires_at=end)
            assert list(refused(ValidationError, update_key, actor, own, **values).message_dict) == ["expires_at"]
        assert list(refused(ValidationError, regenerate_key, actor, other, **values).message_dict) == ["expires_at"]
    assert generate_key(actor, owner=cast.org_admin, organization=cast.organization, expires_at=end)
    assert update_key(actor, other, alias="renamed"), "what it does not end may be changed"
    assert regenerate_key(actor, held), "and it renews itself, until the same end"


@pytest.mark.parametrize("name", ["org_admin", "team_admin", "member"])
def test_no_key_is_born_free_of_rate_limits(cast: World, name: str) -> None:
    """What needs a right of its own to be set later needs it from the start."""
    with pytest.raises(PermissionDenied):
        generate_key(cast.actor(name), owner=getattr(cast, name), excluded_from_rate_limiting=True)


def test_a_proxy_admin_mints_and_rotates_the_credential_of_a_gateway(cast: World) -> None:
    """Rulebook, roles: it calls the check and ingest routes only; it holds what no role holds (SPD-06)."""
    admin = cast.actor("proxy_admin")
    key, secret = generate_gateway_key(admin, alias="edge")
    assert (key.kind, key.user, key.organization, secret[:4]) == ("gateway", None, None, "sk-g")
    actor = Actor.for_key(key)
    assert {action for action in Action if policy.can(actor, action)} == {Action.CHECK_ADMISSION, Action.RECORD_USAGE}
    rotated, again = regenerate_key(admin, key, grace=None)
    assert again != secret
    assert rotated.pk == key.pk


@pytest.mark.parametrize("name", ["org_admin", "auditor", "team_admin", "member", "loner"])
def test_nobody_else_mints_the_credential_of_a_gateway(cast: World, name: str) -> None:
    refused(PermissionDenied, lambda: generate_gateway_key(cast.actor(name), alias="edge"))
