"""Deleting and blocking scopes: what goes along, what stays, and what holds them."""

from typing import Any

import pytest
from django.contrib.auth.models import Group

from keys.models import Key
from orgs.closing import delete_scopes
from orgs.models import Organization, Project
from rbacadmin.blocking import block_scope, unblock_scope
from rbacadmin.errors import Conflict, PermissionDenied
from rbacadmin.models import Archived, AuditEvent, Change
from rbacadmin.policy import INITIAL_ORGANIZATION
from teams.models import Membership, Team, User
from tests.factories import KeyFactory, OrganizationFactory, ProjectFactory, join
from tests.world import World


def stored() -> tuple[Any, ...]:
    models: list[Any] = [Organization, Project, Team, Membership, Key, User, Group, Archived, Change]
    return tuple(list(model.objects.order_by("pk").values()) for model in models)


def refused(error: type[Exception], run: Any, *args: Any) -> Any:
    before = stored()
    with pytest.raises(error) as caught:
        run(*args)
    assert stored() == before
    assert AuditEvent.objects.filter(outcome="refused").count() == 1
    return caught.value


def test_a_team_takes_its_people_and_keys_along_and_nobody_leaves_the_organization(cast: World) -> None:
    """Rulebook 9: service keys die with their scope too."""
    keys = set(Key.objects.filter(team=cast.team).values_list("pk", flat=True))
    robot = cast.here.keys["team_service"].user_id
    delete_scopes(cast.actor("org_admin"), cast.team)
    assert not Team.objects.filter(pk=cast.team.pk).exists()
    assert not Group.objects.filter(pk=cast.team.group_id).exists()
    assert not Key.objects.filter(pk__in=keys).exists()
    assert not User.objects.filter(pk=robot).exists()
    assert Membership.objects.filter(user=cast.member, organization=cast.organization).count() == 1
    assert Key.objects.filter(pk=cast.here.keys["member_personal"].pk).exists()
    archived = {str(pk) for pk in (*keys, cast.team.pk)}
    assert set(Archived.objects.values_list("object_id", flat=True)) == archived
    assert Archived.objects.get(kind="team").name == cast.team.alias
    events = list(AuditEvent.objects.values_list("event", flat=True))
    assert (events.count("key.deleted"), events.count("member.removed"), events.count("team.deleted")) == (
        len(keys),
        4,
        1,
    )
    assert set(AuditEvent.objects.values_list("team_id", flat=True)) == {cast.team.pk}


def test_an_organization_takes_everything_beneath_along(cast: World) -> None:
    """Rulebook 9; its people stay people, and what they hold elsewhere stays theirs."""
    join(cast.member, cast.there.team, "user")
    elsewhere = KeyFactory(user=cast.member, team=cast.there.team, organization=cast.there.organization)
    delete_scopes(cast.actor("proxy_admin"), cast.organization)
    for model in (Team, Project, Membership, Key):
        assert not model.objects.filter(organization_id=cast.organization.pk).exists()
        assert model.objects.filter(organization_id=cast.there.organization.pk).exists()
    assert User.objects.filter(pk=cast.member.pk).exists()
    assert Key.objects.filter(pk=elsewhere.pk).exists()
    kinds = list(Archived.objects.values_list("kind", flat=True))
    assert (kinds.count("organization"), kinds.count("team"), kinds.count("project")) == (1, 3, 2)


def test_a_name_is_free_again(cast: World) -> None:
    delete_scopes(cast.actor("proxy_admin"), cast.organization)
    assert OrganizationFactory(alias=cast.organization.alias)


def test_the_initial_organization_and_project_stay(cast: World) -> None:
    """Rulebook 6."""
    first = OrganizationFactory(pk=INITIAL_ORGANIZATION)
    error = refused(Conflict, delete_scopes, cast.actor("proxy_admin"), first)
    assert error.code == "initial"


def test_a_default_project_stays(cast: World) -> None:
    """Rulebook 6."""
    refused(
        Conflict,
        delete_scopes,
        cast.actor("org_admin"),
        ProjectFactory(organization=cast.organization, is_default=True),
    )


def test_of_several_all_go_or_none(cast: World) -> None:
    refused(PermissionDenied, delete_scopes, cast.actor("org_admin"), cast.team, cast.there.team)


@pytest.mark.parametrize("name", ["team_admin", "member", "reader", "auditor", "stranger", "project_owner"])
def test_who_does_not_lead_from_above_deletes_nothing(cast: World, name: str) -> None:
    refused(PermissionDenied, delete_scopes, cast.actor(name), cast.team)
    assert AuditEvent.objects.get().event == "team.delete"


def test_an_org_admin_does_not_delete_the_organization(cast: World) -> None:
    """Rulebook 5."""
    refused(PermissionDenied, delete_scopes, cast.actor("org_admin"), cast.organization)


@pytest.mark.parametrize("name", ["team_admin", "member", "auditor", "stranger"])
def test_who_does_not_block_teams_does_not(cast: World, name: str) -> None:
    refused(PermissionDenied, block_scope, cast.actor(name), cast.team)


def test_a_block_is_lifted_from_its_level_or_above(cast: World) -> None:
    """Rulebook 11."""
    assert block_scope(cast.actor("org_admin"), cast.team).blocked_by == "organization"
    assert block_scope(cast.actor("proxy_admin"), cast.team).blocked_by == "platform"
    assert block_scope(cast.actor("org_admin"), cast.team).blocked_by == "platform", "it never sinks"
    refused(PermissionDenied, unblock_scope, cast.actor("org_admin"), cast.team)
    assert unblock_scope(cast.actor("proxy_admin"), cast.team).blocked_by == ""
    done = AuditEvent.objects.filter(outcome="done").order_by("created_at").values_list("event", flat=True)
    assert list(done) == ["team.blocked", "team.blocked", "team.unblocked"]
