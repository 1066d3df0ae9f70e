"""A team in another organization: what goes along, what stays, and who hears of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from gateway.models import CatalogModel, DailyUsage, Spend
from keys.models import Key
from rbacadmin import policy
from rbacadmin.errors import Duplicate, PermissionDenied
from rbacadmin.management.invariants import INVARIANTS
from rbacadmin.models import Archived, AuditEvent, Change
from rbacadmin.policy import Action, grants
from teams.models import Invitation, Membership, Team
from teams.services import move_team
from tests.factories import KeyFactory, TeamFactory, join
from tests.world import World

ROWS = (Team, Membership, Key, Invitation, CatalogModel)


@pytest.fixture(autouse=True)
def _other_names(cast: World) -> None:
    """Next door everything is named alike; here only what a test names so."""
    Key.objects.filter(organization=cast.there.organization).update(alias="", alias_key="")


def stored() -> list[Any]:
    return [list(model._default_manager.order_by("pk").values()) for model in ROWS]


def refused(error: type[Exception], *args: Any, **kwargs: Any) -> Any:
    before = stored(), Change.objects.count(), Archived.objects.count()
    with pytest.raises(error) as caught:
        move_team(*args, **kwargs)
    assert (stored(), Change.objects.count(), Archived.objects.count()) == before
    return caught.value


def breaches(*names: str) -> list[str]:
    return [sentence for name in names for sentence in INVARIANTS[name]()]


def test_everything_beneath_a_team_goes_along(cast: World) -> None:
    there = cast.there.organization
    CatalogModel.objects.create(name="own", team=cast.team, organization=cast.organization)
    Invitation.objects.create(
        user=cast.member, team=cast.team, organization=cast.organization, expires_at=timezone.now()
    )
    held = grants.on(cast.team, cast.team.group)
    people = set(Membership.objects.filter(team=cast.team).values_list("user", flat=True))
    moved = move_team(cast.actor("proxy_admin"), cast.team, organization=there)
    assert moved.organization == Team.objects.get(pk=moved.pk).organization == there
    for model in (Key, Membership, Invitation, CatalogModel):
        rows: Any = model._default_manager.filter(team=moved)
        assert rows.exists()
        assert set(rows.values_list("organization", flat=True)) == {there.pk}
    inside = Membership.objects.filter(team=None, project=None, user__in=people)
    assert set(inside.filter(organization=there).values_list("user", "role")) == {
        (pk, "internal_user") for pk in people
    }
    assert inside.filter(organization=cast.organization).count() == len(people), "they stay where they were as well"
    assert grants.on(moved, moved.group) == held
    assert not breaches("I3", "I5", "I7")


def test_both_organizations_hear_of_it_and_neither_of_the_other(cast: World) -> None:
    move_team(cast.actor("proxy_admin"), cast.team, organization=cast.there.organization)
    out, came = AuditEvent.objects.get(event="team.moved_out"), AuditEvent.objects.get(event="team.moved_in")
    assert (out.organization_id, came.organization_id) == (cast.organization.pk, cast.there.organization.pk)
    seen = {
        name: set(policy.visible(cast.actor(name), Action.VIEW_AUDIT, AuditEvent.objects.all()))
        for name in ("org_admin", "stranger")
    }
    assert out in seen["org_admin"]
    assert came not in seen["org_admin"]
    assert came in seen["stranger"]
    assert out not in seen["stranger"]
    assert str(cast.there.organization.pk) not in str(out.details)
    assert str(cast.organization.pk) not in str(came.details)
    for event in AuditEvent.objects.all():
        assert Change.objects.filter(kind=event.kind, object_id=event.object_id).exists()


def test_who_is_in_charge_afterwards(cast: World) -> None:
    moved = move_team(cast.actor("proxy_admin"), cast.team, organization=cast.there.organization)
    assert policy.can(cast.actor("stranger"), Action.DELETE_TEAMS, moved)
    assert policy.can(cast.actor("team_admin"), Action.MANAGE_MEMBERS, moved)
    assert not policy.can(cast.actor("org_admin"), Action.SEE_TEAMS, moved)


@pytest.mark.parametrize("name", ["org_admin", "team_admin", "auditor", "stranger", "member"])
def test_only_platform_admins_move_teams(cast: World, name: str) -> None:
    """TEA-13, also who administers both organizations."""
    join(cast.org_admin, cast.there.team, "admin")
    Membership.objects.filter(user=cast.org_admin, group=cast.there.organization.group).update(role="org_admin")
    refused(PermissionDenied, cast.actor(name), cast.team, organization=cast.there.organization)
    event = AuditEvent.objects.get()
    assert (event.event, event.outcome, event.object_id) == ("team.move", "refused", str(cast.team.pk))


def test_a_name_that_is_taken_there_stops_the_move(cast: World) -> None:
    """Rulebook 21: the team's own, and its keys'."""
    taken = TeamFactory(organization=cast.there.organization, alias=cast.team.alias.upper())
    error = refused(Duplicate, cast.actor("proxy_admin"), cast.team, organization=cast.there.organization)
    assert error.field == "alias"
    taken.delete()
    KeyFactory(organization=cast.there.organization, alias="Only-Once")
    KeyFactory(team=cast.team, organization=cast.organization, alias="only-once")
    refusal = refused(Duplicate, cast.actor("proxy_admin"), cast.team, organization=cast.there.organization)
    assert "only-once" in str(refusal)


def test_limits_stay_within_the_new_organization(cast: World) -> None:
    """Rulebook 14: the team's, and those of keys that the team itself does not cap."""
    there = cast.there.organization
    there.max_budget = 99 * 10**9
    there.save()
    assert (
        "max_budget" in refused(ValidationError, cast.actor("proxy_admin"), cast.team, organization=there).message_dict
    )
    key = KeyFactory(team=cast.other_team, organization=cast.organization, alias="wide", max_budget=100 * 10**9)
    error = refused(ValidationError, cast.actor("proxy_admin"), cast.other_team, organization=there)
    assert "wide" in str(error)
    Key.objects.filter(pk=key.pk).update(max_budget=99 * 10**9)
    assert move_team(cast.actor("proxy_admin"), cast.other_team, organization=there)
    assert not breaches("I5")


def test_a_key_that_is_bound_to_a_project_too_stops_the_move(cast: World) -> None:
    KeyFactory(team=cast.team, project=cast.project, organization=cast.organization, alias="both")
    error = refused(ValidationError, cast.actor("proxy_admin"), cast.team, organization=cast.there.organization)
    assert "both" in str(error)
    assert list(error.message_dict) == ["organization_id"]


def test_memberships_that_have_ended_do_not_go_along(cast: World) -> None:
    """Rulebook 9: who had left by their end is no member of anything afterwards, and neither are their keys."""
    ended = Membership.objects.get(user=cast.member, team=cast.team)
    Membership.objects.filter(pk=ended.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    move_team(cast.actor("proxy_admin"), cast.team, organization=cast.there.organization)
    assert not Membership.objects.filter(pk=ended.pk).exists()
    assert not Membership.objects.filter(user=cast.member, organization=cast.there.organization).exists()
    assert not Key.objects.filter(user=cast.member, team=cast.team).exists()
    assert not breaches("I3", "I7")


def test_who_was_in_the_new_organization_once_comes_back_as_a_reader(cast: World) -> None:
    held = join(cast.member, cast.there.organization, "org_admin", expires_at=timezone.now() - timedelta(days=1))
    move_team(cast.actor("proxy_admin"), cast.team, organization=cast.there.organization)
    again = Membership.objects.get(user=cast.member, group=cast.there.organization.group)
    assert (again.pk != held.pk, again.role, again.expires_at) == (True, "internal_user", None)


def test_a_team_moves_to_no_organization_and_back(cast: World) -> None:
    moved = move_team(cast.actor("proxy_admin"), cast.team, organization=None)
    assert not Key.objects.filter(team=moved).exclude(organization=None).exists()
    assert not breaches("I3", "I5", "I7")
    assert AuditEvent.objects.get(event="team.moved_in").organization_id is None
    back = move_team(cast.actor("proxy_admin"), moved, organization=cast.organization)
    assert back.organization == cast.organization
    assert not breaches("I3", "I5", "I7")


def test_a_move_to_where_the_team_is_does_nothing(cast: World) -> None:
    move_team(cast.actor("org_admin"), cast.team, organization=cast.organization)
    assert not AuditEvent.objects.exists()


def test_past_spend_stays_with_the_old_organization(cast: World) -> None:
    key = cast.here.keys["member_team"]
    for kind, row in (("key", key), ("team", cast.team), ("organization", cast.organization)):
        Spend.objects.create(kind=kind, object_id=row.pk, lifetime=7, current=7)
        DailyUsage.objects.create(kind=kind, object_id=row.pk, day=timezone.now().date(), model="gpt-4", spend=7)
    assert not breaches("I6")
    move_team(cast.actor("proxy_admin"), cast.team, organization=cast.there.organization)
    assert Spend.objects.get(object_id=cast.organization.pk).lifetime == 7
    assert not Spend.objects.filter(object_id=cast.there.organization.pk).exists()
    assert not breaches("I6")


def test_a_child_that_its_team_was_lowered_under_is_a_warning_still(cast: World) -> None:
    """Rulebook 14: moving is no change of the key's limits."""
    KeyFactory(team=cast.team, organization=cast.organization, max_budget=50 * 10**9)
    cast.team.max_budget = 10 * 10**9
    cast.team.save()
    move_team(cast.actor("proxy_admin"), cast.team, organization=cast.there.organization)
    assert not breaches("I5")


def test_what_was_shared_within_the_old_organization_ends(cast: World) -> None:
    sibling = cast.other_team
    grants.set_for(cast.team, sibling.group, [Action.SEE_TEAMS])
    grants.set_for(cast.project, cast.team.group, [Action.VIEW_PROJECTS])
    grants.set_for(sibling, cast.team.group, [Action.VIEW_KEYS])
    held = grants.on(cast.team, cast.team.group)
    moved = move_team(cast.actor("proxy_admin"), cast.team, organization=cast.there.organization)
    assert grants.on(moved, moved.group) == held
    assert not grants.on(moved, sibling.group)
    assert not grants.on(cast.project, moved.group)
    assert not grants.on(sibling, moved.group)
    assert grants.on(sibling, sibling.group), "what others hold on their own stays"
