"""Who asks: what an Actor knows, and that it is read again as it is now."""

from dataclasses import FrozenInstanceError, replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.policy import INITIAL_ORGANIZATION, Action, Actor, Origin, grants
from rbacadmin.policy.actions import READS
from rbacadmin.policy.backend import PolicyBackend
from teams.models import Membership, Team, User
from tests.factories import KeyFactory, OrganizationFactory, join, service_key
from tests.world import World


def test_an_actor_is_a_value(cast: World) -> None:
    actor = cast.actor("member")
    with pytest.raises(FrozenInstanceError):
        actor.platform_role = "proxy_admin"  # type: ignore[misc]
    assert actor == cast.actor("member")


def test_a_person_has_the_roles_of_their_live_memberships(cast: World) -> None:
    past, soon = timezone.now() - timedelta(seconds=1), timezone.now() + timedelta(minutes=1)
    join(cast.loner, cast.team, "admin", expires_at=past)
    join(cast.loner, cast.project, "owner", expires_at=soon)
    roles = cast.actor("loner").roles
    assert roles == {
        ("organization", cast.organization.pk): "internal_user",
        ("project", cast.project.pk): "owner",
    }


def test_a_person_holds_the_live_grants_of_their_scopes(cast: World) -> None:
    past = timezone.now() - timedelta(seconds=1)
    grants.set_for(cast.project, cast.other_team.group, [Action.VIEW_PROJECTS])
    grants.set_for(cast.other_project, cast.other_team.group, [Action.VIEW_PROJECTS], expires_at=past)
    held = cast.actor("outsider").grants
    assert held[("project", cast.project.pk)] == {Action.VIEW_PROJECTS}
    assert ("project", cast.other_project.pk) not in held
    Membership.objects.filter(user=cast.outsider, team=cast.other_team).update(expires_at=past)
    assert cast.actor("outsider").grants == {}


def test_a_blocked_person_can_nothing(cast: World) -> None:
    User.objects.filter(pk=cast.proxy_admin.pk).update(blocked_by="platform")
    actor = cast.actor("proxy_admin")
    assert not any(policy.can(actor, action, row) for action in Action for row in (None, cast.team, cast.proxy_admin))


def test_the_keys_of_a_blocked_person_can_nothing(cast: World) -> None:
    User.objects.filter(pk=cast.team_admin.pk).update(blocked_by="organization")
    key = type(cast.here.keys["team_admin_team"]).objects.get(pk=cast.here.keys["team_admin_team"].pk)
    actor = Actor.for_key(key)
    assert not any(policy.can(actor, action, row) for action in Action for row in (None, cast.team, key))


def test_the_key_of_a_blocked_service_account_can_nothing(cast: World) -> None:
    key = cast.here.keys["team_service"]
    assert policy.can(Actor.for_key(key), Action.SEE_TEAMS, cast.team)
    key.user.blocked_by = "team"
    assert not policy.can(Actor.for_key(key), Action.SEE_TEAMS, cast.team)


def test_a_key_in_a_team_acts_in_that_team_only(cast: World) -> None:
    join(cast.team_admin, cast.other_team, "admin")
    actor = Actor.for_key(cast.here.keys["team_admin_team"])
    assert policy.can(actor, Action.MANAGE_MEMBERS, cast.team)
    assert not policy.can(actor, Action.MANAGE_MEMBERS, cast.other_team)
    assert not policy.can(actor, Action.SEE_ORGANIZATIONS, cast.organization)
    assert policy.can(actor, Action.VIEW_PEOPLE, cast.team_admin)  # oneself
    assert policy.can(actor, Action.VIEW_KEYS, cast.here.keys["team_admin_team"])
    assert not policy.can(actor, Action.VIEW_KEYS, cast.here.keys["team_admin_personal"])


def test_a_bound_key_of_a_platform_admin_is_no_platform_admin(cast: World) -> None:
    actor = Actor.for_key(KeyFactory(user=cast.proxy_admin, team=cast.team, organization=cast.organization))
    assert not policy.can(actor, Action.CREATE_ORGANIZATIONS)
    assert not policy.can(actor, Action.SEE_TEAMS, cast.there.team)
    assert not policy.can(actor, Action.DELETE_TEAMS, cast.team)


def test_a_key_in_a_team_and_a_project_reaches_both(cast: World) -> None:
    key = KeyFactory(user=cast.org_admin, team=cast.team, project=cast.project, organization=cast.organization)
    actor = Actor.for_key(key)
    assert policy.can(actor, Action.SEE_TEAMS, cast.team)
    assert policy.can(actor, Action.VIEW_PROJECTS, cast.project)
    assert not policy.can(actor, Action.SEE_TEAMS, cast.other_team)


def test_a_service_key_calls_models_and_reads_itself_and_its_scope(cast: World) -> None:
    """Rulebook 16."""
    for name, scope, sees in (
        ("team_service", cast.team, Action.SEE_TEAMS),
        ("project_service", cast.project, Action.VIEW_PROJECTS),
    ):
        key = cast.here.keys[name]
        actor = Actor.for_key(key)
        assert {action for action in Action if policy.can(actor, action, scope)} == {
            sees,
            Action.CALL_MODELS,
            Action.VIEW_MODELS,
        }
        assert {action for action in Action if policy.can(actor, action, key)} >= {Action.VIEW_KEYS, Action.VIEW_SPEND}
        assert not [action for action in Action if policy.can(actor, action)]
        assert not [row for row in cast.here.keys.values() if row != key and policy.can(actor, Action.VIEW_KEYS, row)]


def test_a_key_without_owner_and_place_reads_itself(cast: World) -> None:
    key = KeyFactory(user=None)
    actor = Actor.for_key(key)
    assert policy.can(actor, Action.VIEW_KEYS, key)
    for row in (None, cast.team, cast.organization, cast.member, cast.here.keys["member_team"]):
        assert not [action for action in Action if policy.can(actor, action, row)]


def test_a_gateway_key_checks_admission_and_records_usage(cast: World) -> None:
    actor = Actor.for_key(KeyFactory(user=None, kind="gateway"))
    assert {action for action in Action if policy.can(actor, action)} == {Action.CHECK_ADMISSION, Action.RECORD_USAGE}


def test_a_keys_own_list_of_actions_is_a_cap(cast: World) -> None:
    key = KeyFactory(user=cast.org_admin, actions=["view_keys"])
    assert policy.can(Actor.for_key(key), Action.VIEW_KEYS, cast.here.keys["member_team"])
    assert not policy.can(Actor.for_key(key), Action.SEE_TEAMS, cast.team)
    key.actions = []
    assert not policy.can(Actor.for_key(key), Action.VIEW_KEYS, key)


def test_the_auditor_reads_everything_and_writes_nothing_but_the_profile(cast: World) -> None:
    """Rulebook 4: whatever else they hold."""
    join(cast.auditor, cast.organization, "org_admin")
    actor = cast.actor("auditor")
    rows = [None, cast.organization, cast.team, cast.auditor, cast.there.team, cast.here.keys["member_team"]]
    allowed = {action for row in rows for action in Action if policy.can(actor, action, row)}
    assert allowed == READS | {Action.CHANGE_PROFILE}


def test_the_master_key_is_a_platform_admin_without_a_row(cast: World) -> None:
    master = Actor.master()
    assert policy.can(master, Action.DELETE_ORGANIZATIONS, cast.organization)
    assert master.user_id is None
    assert master.reread() == master


def test_an_owner_of_the_initial_organization_creates_organizations(cast: World) -> None:
    """Rulebook 6; of any other organization not."""
    assert not policy.can(cast.actor("org_admin"), Action.CREATE_ORGANIZATIONS)
    initial = OrganizationFactory(pk=INITIAL_ORGANIZATION)
    join(cast.loner, initial, "org_admin")
    join(cast.reader, initial, "internal_user")
    assert policy.can(cast.actor("loner"), Action.CREATE_ORGANIZATIONS)
    assert not policy.can(cast.actor("reader"), Action.CREATE_ORGANIZATIONS)
    carried = KeyFactory(user=cast.loner, organization=initial)
    assert not policy.can(Actor.for_key(carried), Action.CREATE_ORGANIZATIONS)


@pytest.mark.parametrize("role", ["customer", "team", "proxy_admin", "", "nonsense"])
def test_a_token_without_a_user_brings_little_or_nothing(cast: World, role: str) -> None:
    actor = Actor.for_claims(role, team_id=cast.team.pk if role == "team" else None)
    allowed = {
        action for row in (None, cast.team, cast.organization) for action in Action if policy.can(actor, action, row)
    }
    basics = {Action.SEE_TEAMS, Action.VIEW_SPEND, Action.CALL_MODELS, Action.VIEW_MODELS}
    assert allowed == (basics if role == "team" else set())


def test_reading_again_sees_what_changed_and_keeps_the_door(cast: World) -> None:
    origin = Origin(door="test", request_id="r")
    actor = Actor.for_user(cast.team_admin, origin)
    Membership.objects.filter(user=cast.team_admin, team=cast.team).update(role="user")
    again = actor.reread()
    assert again.roles[("team", cast.team.pk)] == "user"
    assert again.origin == origin
    User.objects.filter(pk=cast.team_admin.pk).update(blocked_by="platform")
    assert not actor.reread().active
    User.objects.filter(pk=cast.team_admin.pk).delete()
    assert not actor.reread().active


def test_reading_a_key_again_sees_its_block_and_its_end(cast: World) -> None:
    key = cast.here.keys["team_admin_team"]
    actor = Actor.for_key(key)
    assert actor.reread() == actor
    type(key).objects.filter(pk=key.pk).update(blocked_by="owner")
    assert not actor.reread().active
    type(key).objects.filter(pk=key.pk).delete()
    assert not actor.reread().active


def test_reading_again_never_lifts_a_cap_or_widens_a_reach(cast: World) -> None:
    """An actor who was narrowed (a preview, a role's configured permissions) stays so inside a service."""
    team = ("team", cast.team.pk)
    narrowed = replace(cast.actor("org_admin"), actions_cap=READS, reach=frozenset({team}))
    again = narrowed.reread()
    assert again.actions_cap == READS
    assert again.reach == {team}
    bound = Actor.for_key(cast.here.keys["team_admin_team"])
    assert replace(bound, actions_cap=READS).reread().actions_cap == READS
    assert bound.reread().actions_cap is None


@pytest.mark.parametrize("name", ["org_admin", "team_admin", "granted", "proxy_admin", "loner"])
def test_an_actor_costs_one_query_for_roles_and_at_most_three_for_grants(
    cast: World, name: str, django_assert_max_num_queries: Any
) -> None:
    user = getattr(cast, name)
    for _ in range(30 if name == "org_admin" else 0):
        join(user, OrganizationFactory(), "org_admin")
    with django_assert_max_num_queries(4):
        Actor.for_user(user)


@pytest.mark.parametrize("name", ["org_admin", "team_admin", "granted", "proxy_admin", "loner", "auditor"])
def test_a_check_costs_no_query_once_grants_are_read(cast: World, name: str, django_assert_num_queries: Any) -> None:
    key = Actor.for_key(cast.here.keys["team_admin_team"])
    rows = [cast.team, cast.organization, cast.project, *cast.here.keys.values(), *cast.there.keys.values()]
    rows += list(Membership.objects.all())
    actor = cast.actor(name)
    for asking in (actor, key):
        len(asking.grants)
    with django_assert_num_queries(0):
        for row in rows:
            for action in Action:
                policy.can(actor, action, row)
                policy.can(key, action, row)


def test_an_unknown_action_raises(cast: World) -> None:
    actor = cast.actor("proxy_admin")
    for ask in (policy.can, policy.explain):
        with pytest.raises(ValueError, match="is not a valid Action"):
            ask(actor, "eat_cake", cast.team)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="is not a valid Action"):
        policy.visible(actor, "eat_cake", Team.objects.all())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="is not a valid Action"):
        policy.who("eat_cake", cast.team)  # type: ignore[arg-type]


def test_reads_are_what_changes_nothing() -> None:
    words = {action.value.split("_")[0] for action in READS}
    assert words == {"see", "view", "list", "explain", "export", "check"}
    assert Action.CALL_MODELS not in READS  # it spends money
    assert Action.VIEW_AS not in READS
    assert Action.CHECK_ADMISSION not in READS
    assert Action.CHECK_KEYS in READS


def test_django_asks_the_policy(cast: World) -> None:
    backend = PolicyBackend()
    assert cast.team_admin.has_perm("teams.manage_members", cast.team)
    assert not cast.member.has_perm("teams.manage_members", cast.team)
    assert backend.has_perm(cast.proxy_admin, "orgs.create_organizations")
    assert not backend.has_perm(cast.proxy_admin, "auth.add_user")
    assert not cast.team_admin.has_perm("teams.manage_members", cast.there.team)
    assert isinstance(Organization.objects.first(), Organization)


def test_robots_of_one_team_do_not_see_each_others_keys(cast: World) -> None:
    other = service_key(team=cast.team)
    assert not policy.can(Actor.for_key(other), Action.VIEW_KEYS, cast.here.keys["team_service"])
