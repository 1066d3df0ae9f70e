"""What follows when scopes open and close and people leave: the lists themselves, and their effect."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group

from keys.models import Key
from orgs.models import Organization, OrganizationGrant, ProjectGrant
from orgs.services import create_organization
from rbacadmin import lifecycle
from rbacadmin.models import Archived, AuditEvent
from rbacadmin.policy import INITIAL_ORGANIZATION, Action, grants
from teams.models import Membership, Team, TeamGrant
from teams.services import remove_member
from tests.factories import KeyFactory, OrganizationFactory, join
from tests.world import World


def names(functions: list[Any]) -> list[str]:
    return [f"{function.__module__}.{function.__name__}" for function in functions]


def test_what_follows_is_what_the_design_says() -> None:
    """A new entry needs a line here: it runs inside every such write, under its locks."""
    assert names(lifecycle.on_open) == ["teams.services.belonging.add_founder"]
    assert names(lifecycle.on_leave) == ["keys.services.archive_keys_of_leaver"]
    assert names(lifecycle.on_move) == [
        "teams.services.moves.carry_people",
        "keys.moves.carry_keys",
        "gateway.moves.carry_models",
    ]
    assert names(lifecycle.on_sign_out) == ["keys.terminals.end_terminals_of"]
    assert names(lifecycle.on_part) == ["keys.closing.archive_keys_of"]
    assert names(lifecycle.on_change) == [
        "gateway.admission.changing.forget_changed",
        "manifests.healing.heal_waiting",
    ]
    assert names(lifecycle.on_close) == [
        "orgs.closing.close_projects",
        "teams.services.closing.close_teams",
        "teams.services.sharing.end_shares",
        "teams.services.closing.end_memberships",
        "keys.closing.archive_keys_in",
    ]


def test_a_founder_becomes_admin_of_what_they_could_not_manage_otherwise(cast: World) -> None:
    """Rulebook 6."""
    join(cast.loner, OrganizationFactory(pk=INITIAL_ORGANIZATION), "org_admin")
    made = create_organization(cast.actor("loner"), alias="mine")
    assert Membership.objects.get(organization=made).role == "org_admin"
    assert Membership.objects.get(organization=made).user == cast.loner


def test_a_platform_admin_is_nobodys_member_by_creating_something(cast: World) -> None:
    """Rulebook 6: creating adds nobody who is not named."""
    made = create_organization(cast.actor("proxy_admin"), alias="theirs")
    assert not Membership.objects.filter(organization=made).exists()


def test_who_leaves_a_team_leaves_their_keys_there(cast: World) -> None:
    """Rulebook 9: archived with their names, without their secrets; service keys and keys elsewhere stay."""
    gone = cast.here.keys["member_team"]
    kept = [cast.here.keys[name].pk for name in ("team_service", "member_personal", "colleague_team")]
    remove_member(cast.actor("team_admin"), Membership.objects.get(user=cast.member, team=cast.team))
    assert not Key.objects.filter(pk=gone.pk).exists()
    assert Key.objects.filter(pk__in=kept).count() == len(kept)
    archived = Archived.objects.get(kind="key")
    assert (archived.object_id, archived.name, archived.team_id) == (str(gone.pk), gone.label, cast.team.pk)
    assert gone.secret not in json.dumps(archived.snapshot)
    assert gone.token not in json.dumps(archived.snapshot)
    event = AuditEvent.objects.get(event="key.deleted")
    assert (event.object_id, event.team_id, event.details["because"]) == (str(gone.pk), cast.team.pk, "left the team")


def test_who_leaves_an_organization_leaves_everything_in_it(cast: World) -> None:
    """Rulebook 9."""
    join(cast.member, cast.project, "member")
    join(cast.member, cast.there.team, "user")
    elsewhere = KeyFactory(user=cast.member, team=cast.there.team, organization=cast.there.organization)
    own = KeyFactory(user=cast.member)
    leaving = Membership.objects.get(user=cast.member, group=cast.organization.group)
    remove_member(cast.actor("org_admin"), leaving)
    assert not Membership.objects.filter(user=cast.member, organization=cast.organization).exists()
    assert Membership.objects.filter(user=cast.member, organization=cast.there.organization).count() == 2
    kept = set(Key.objects.filter(user=cast.member).values_list("pk", flat=True))
    assert {elsewhere.pk, own.pk} <= kept
    assert not Key.objects.filter(user=cast.member, organization=cast.organization).exists()
    assert AuditEvent.objects.filter(event="member.removed").count() == 3


@pytest.mark.parametrize("how", ["row", "queryset", "organization"])
def test_a_scope_that_goes_by_any_path_leaves_no_group_behind(cast: World, how: str) -> None:
    grants.set_for(cast.project, cast.team.group, [Action.VIEW_PROJECTS])
    groups = [cast.team.group_id]
    if how == "organization":
        scopes = [cast.organization, cast.team, cast.granted_team, cast.other_team, cast.project, cast.other_project]
        groups = [scope.group_id for scope in scopes]
        Organization.objects.get(pk=cast.organization.pk).delete()
    elif how == "queryset":
        Team.objects.filter(pk=cast.team.pk).delete()
    else:
        Team.objects.get(pk=cast.team.pk).delete()
    assert not Group.objects.filter(pk__in=groups).exists()
    assert not Membership.objects.filter(group_id__in=groups).exists()
    for table in (OrganizationGrant, ProjectGrant, TeamGrant):
        assert not table.objects.filter(group_id__in=groups).exists()
