"""Nobody gives longer than they hold: memberships, sharing, invitations and what members may do (rulebook 11)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from orgs.services import create_organization
from rbacadmin.errors import Conflict, Outlives
from rbacadmin.models import AuditEvent, Change
from rbacadmin.policy import INITIAL_ORGANIZATION, Action, Actor, grants
from teams.models import Invitation, Membership, TeamGrant, User
from teams.services import (
    add_member,
    change_member,
    create_invitation,
    create_user,
    join_team,
    set_member_permissions,
    share_scope,
    update_invitation,
    update_team,
)
from tests.factories import OrganizationFactory, UserFactory, join
from tests.world import World

SOON = timedelta(hours=2)


@pytest.fixture
def end(cast: World) -> datetime:
    """When the team's admin stops being one."""
    moment = timezone.now() + SOON
    Membership.objects.filter(user=cast.team_admin, team=cast.team).update(expires_at=moment)
    return moment


def held(person: User, scope: Any) -> Membership:
    return Membership.objects.get(user=person, group=scope.group)


def state() -> tuple[Any, ...]:
    """What a refused write must not have touched."""
    return (
        list(Membership.objects.order_by("pk").values_list("pk", "role", "expires_at")),
        list(TeamGrant.objects.order_by("pk").values_list("pk", "permission", "expires_at")),
        list(Invitation.objects.order_by("pk").values_list("pk", "expires_at")),
        User.objects.count(),
        Change.objects.count(),
    )


def refused(latest: datetime, event: str, run: Callable[..., Any], *args: Any, **kwargs: Any) -> Outlives:
    """The refusal: of status 400, with the latest moment in its words, on record, and nothing changed."""
    before, told = state(), AuditEvent.objects.filter(outcome="refused").count()
    with pytest.raises(Outlives) as caught:
        run(*args, **kwargs)
    assert state() == before
    assert caught.value.latest == latest
    assert latest.isoformat() in str(caught.value)
    found = AuditEvent.objects.filter(outcome="refused").order_by("-created_at", "-pk")
    assert found.count() == told + 1
    assert (found[0].event, found[0].status) == (event, 400)
    assert found[0].details == {"message": str(caught.value)}
    return caught.value


def test_who_is_added_by_an_admin_until_a_moment_stays_until_then(cast: World, end: datetime) -> None:
    made = add_member(cast.actor("team_admin"), cast.team, person=cast.outsider.email or "", role="admin")
    assert made.expires_at == end
    assert held(cast.outsider, cast.organization).expires_at is None, "they were in the organization before"


def test_who_comes_into_the_organization_along_with_it_stays_there_until_then(cast: World, end: datetime) -> None:
    add_member(cast.actor("team_admin"), cast.team, person="accomplice@example.com", role="user")
    accomplice = User.objects.get(email="accomplice@example.com")
    assert {row.scope_key[0]: row.expires_at for row in accomplice.memberships.all()} == {
        "organization": end,
        "team": end,
    }


@pytest.mark.parametrize("role", ["user", "admin"])
def test_a_later_end_and_none_at_all_are_refused(cast: World, end: datetime, role: str) -> None:
    for later in (None, end + timedelta(seconds=1)):
        given: dict[str, Any] = {"person": cast.outsider.email, "role": role, "expires_at": later}
        error = refused(end, "member.add", add_member, cast.actor("team_admin"), cast.team, **given)
        assert set(error.message_dict) == {"expires_at"}
    sooner = end - timedelta(minutes=1)
    given = {"person": cast.outsider.email, "role": role, "expires_at": sooner}
    assert add_member(cast.actor("team_admin"), cast.team, **given).expires_at == sooner


def test_nobody_postpones_or_removes_their_own_end(cast: World, end: datetime) -> None:
    for later in (None, end + timedelta(days=1)):
        mine = held(cast.team_admin, cast.team)
        refused(end, "member.change", change_member, cast.actor("team_admin"), mine, expires_at=later)
    change_member(cast.actor("org_admin"), held(cast.team_admin, cast.team), expires_at=None)
    assert held(cast.team_admin, cast.team).expires_at is None


def test_nobody_postpones_the_end_of_an_accomplice(cast: World, end: datetime) -> None:
    Membership.objects.filter(user=cast.member, team=cast.team).update(expires_at=end - timedelta(hours=1))
    for later in (None, end + timedelta(seconds=1)):
        row = held(cast.member, cast.team)
        refused(end, "member.change", change_member, cast.actor("team_admin"), row, expires_at=later)
    change_member(cast.actor("team_admin"), held(cast.member, cast.team), expires_at=end)
    assert held(cast.member, cast.team).expires_at == end


def test_who_stays_for_good_is_made_admin_until_then_or_not_at_all(cast: World, end: datetime) -> None:
    """An end is not put on what somebody has already without its being said."""
    row = held(cast.member, cast.team)
    refused(end, "member.change", change_member, cast.actor("team_admin"), row, role="admin")
    change_member(cast.actor("team_admin"), row, role="admin", expires_at=end)
    assert (held(cast.member, cast.team).role, held(cast.member, cast.team).expires_at) == ("admin", end)


def test_what_gives_nothing_has_no_end_to_keep(cast: World, end: datetime) -> None:
    """A demotion, and a limit: the member stays as long as before."""
    actor = cast.actor("team_admin")
    change_member(actor, held(cast.second_team_admin, cast.team), role="user")
    change_member(actor, held(cast.member, cast.team), rpm_limit=5)
    assert held(cast.second_team_admin, cast.team).expires_at is None
    assert held(cast.member, cast.team).expires_at is None


def test_who_holds_the_same_for_good_by_another_way_gives_for_good(cast: World, end: datetime) -> None:
    Membership.objects.filter(user=cast.team_admin, team=None).update(role="org_admin")
    made = add_member(cast.actor("team_admin"), cast.team, person=cast.outsider.email or "", role="admin")
    assert made.expires_at is None
    change_member(cast.actor("team_admin"), held(cast.team_admin, cast.team), expires_at=None)


def test_whoever_shares_until_a_moment_shares_until_then(cast: World) -> None:
    end = timezone.now() + SOON
    Membership.objects.filter(user=cast.project_owner, project=cast.project).update(expires_at=end)
    join(cast.project_owner, cast.team, "user")
    actor, may = cast.actor("project_owner"), {"team": cast.team, "actions": [Action.CREATE_KEYS]}
    late = end + timedelta(days=1)
    refused(end, "project.share", share_scope, actor, cast.project, **may, expires_at=late)
    assert share_scope(actor, cast.project, **may).expires_at == end
    refused(end, "project.share", share_scope, actor, cast.project, **may)
    more = {"team": cast.team, "actions": [Action.CREATE_KEYS, Action.LIST_KEYS]}
    assert share_scope(cast.actor("org_admin"), cast.project, **may).expires_at is None
    refused(end, "project.share", share_scope, actor, cast.project, **more)
    less = share_scope(actor, cast.project, team=cast.team, actions=[Action.VIEW_PROJECTS])
    assert (less.expires_at, less.actions) == (None, {Action.VIEW_PROJECTS})


def test_what_members_may_do_is_added_to_by_who_can_for_good(cast: World, end: datetime) -> None:
    more = frozenset({Action.VIEW_KEYS, Action.CHECK_KEYS, Action.CREATE_KEYS})
    actor = cast.actor("team_admin")
    error = refused(end, "team.set_member_permissions", set_member_permissions, actor, cast.team, permissions=more)
    assert set(error.message_dict) == {"team_member_permissions"}
    refused(end, "team.update", update_team, actor, cast.team, permissions=more, alias="renamed")
    set_member_permissions(actor, cast.team, permissions=frozenset({Action.VIEW_KEYS}))
    assert grants.on(cast.team, cast.team.group) == {Action.VIEW_KEYS}
    set_member_permissions(cast.actor("second_team_admin"), cast.team, permissions=more)
    assert grants.on(cast.team, cast.team.group) == more


def test_a_link_ends_with_the_right_to_send_it(cast: World, end: datetime) -> None:
    add_member(cast.actor("team_admin"), cast.team, person="new@example.com", role="user")
    person = User.objects.get(email="new@example.com")
    invitation, _secret = create_invitation(cast.actor("team_admin"), person, scope=cast.team)
    assert invitation.expires_at == end
    late = end + timedelta(minutes=1)
    refused(end, "invitation.update", update_invitation, cast.actor("team_admin"), invitation, expires_at=late)
    assert update_invitation(cast.actor("org_admin"), invitation, expires_at=late).expires_at == late
    sooner = end + timedelta(seconds=30)
    assert update_invitation(cast.actor("team_admin"), invitation, expires_at=sooner).expires_at == sooner


def test_nobody_becomes_somebody_who_stays_longer_by_a_link(cast: World, end: datetime) -> None:
    """Whoever has the link of somebody who never signed in is them from then on."""
    add_member(cast.actor("org_admin"), cast.team, person="new@example.com", role="admin")
    person = User.objects.get(email="new@example.com")
    error = refused(end, "invitation.create", create_invitation, cast.actor("team_admin"), person)
    assert set(error.message_dict) == {"user_id"}
    assert create_invitation(cast.actor("second_team_admin"), person)[0].expires_at > end


def test_people_whom_an_admin_until_a_moment_creates_stay_until_then(cast: World) -> None:
    end = timezone.now() + SOON
    join(cast.reader, cast.team, "user")
    Membership.objects.filter(user=cast.reader, team=None).update(role="org_admin", expires_at=end)
    made = create_user(cast.actor("reader"), email="hired@example.com", organizations=[cast.organization])
    assert [row.expires_at for row in made.memberships.all()] == [end]


def test_who_may_found_organizations_until_a_moment_leads_them_until_then(cast: World) -> None:
    end = timezone.now() + SOON
    founder, initial = UserFactory(), OrganizationFactory(id=INITIAL_ORGANIZATION)
    join(founder, initial, "org_admin")
    Membership.objects.filter(user=founder).update(expires_at=end)
    made = create_organization(Actor.for_user(founder), alias="their own")
    assert (held(founder, made).role, held(founder, made).expires_at) == ("org_admin", end)
    refused(end, "member.change", change_member, Actor.for_user(founder), held(founder, made), expires_at=None)


def test_an_open_team_is_left_with_its_organization(cast: World, settings: Any) -> None:
    settings.AVAILABLE_TEAMS = [str(cast.other_team.pk)]
    end = timezone.now() + SOON
    Membership.objects.filter(user=cast.member, team=None).update(expires_at=end)
    assert join_team(cast.actor("member"), cast.other_team).expires_at == end
    assert join_team(cast.actor("colleague"), cast.other_team).expires_at is None


@pytest.mark.parametrize("kind", ["team", "organization"])
def test_nobody_joins_an_open_team_while_it_is_blocked(cast: World, settings: Any, kind: str) -> None:
    settings.AVAILABLE_TEAMS = [str(cast.other_team.pk)]
    scope = cast.other_team if kind == "team" else cast.organization
    type(scope).objects.filter(pk=scope.pk).update(blocked_by="platform")
    with pytest.raises(Conflict, match=f"The {kind} is blocked"):
        join_team(cast.actor("member"), cast.other_team)
    assert not Membership.objects.filter(user=cast.member, team=cast.other_team).exists()
    event = AuditEvent.objects.get()
    assert (event.event, event.outcome, event.status) == ("team.join", "refused", 409)
    type(scope).objects.filter(pk=scope.pk).update(blocked_by="")
    assert join_team(cast.actor("member"), cast.other_team)


def test_what_is_refused_is_a_broken_rule_to_every_door(cast: World, end: datetime) -> None:
    with pytest.raises(ValidationError) as caught:
        change_member(cast.actor("team_admin"), held(cast.team_admin, cast.team), expires_at=None)
    assert caught.value.message_dict == {"expires_at": [str(caught.value)]}


def test_who_came_into_the_organization_along_with_a_team_stays_along_with_it(cast: World, end: datetime) -> None:
    add_member(cast.actor("team_admin"), cast.team, person="hired@example.com", role="user")
    person = User.objects.get(email="hired@example.com")
    change_member(cast.actor("second_team_admin"), held(person, cast.team), expires_at=None)
    assert held(person, cast.organization).expires_at is None
    event = AuditEvent.objects.filter(object_id=str(held(person, cast.organization).pk), event="member.updated").get()
    assert event.details["changed"]["expires_at"] == [end.isoformat(), None]


def test_or_along_with_another_team_that_they_stay_in(cast: World, end: datetime) -> None:
    sooner = end - timedelta(minutes=5)
    add_member(cast.actor("team_admin"), cast.team, person="hired@example.com", role="user", expires_at=sooner)
    person = User.objects.get(email="hired@example.com")
    assert held(person, cast.organization).expires_at == sooner
    join(cast.member, cast.other_team, "admin")
    Membership.objects.filter(user=cast.member, team=cast.other_team).update(expires_at=end)
    add_member(cast.actor("member"), cast.other_team, person=person.email or "", role="user")
    assert held(person, cast.organization).expires_at == end
    add_member(cast.actor("org_admin"), cast.granted_team, person=person.email or "", role="user")
    assert held(person, cast.organization).expires_at is None


def test_an_end_that_was_given_in_the_organization_stays(cast: World, end: datetime) -> None:
    """Or a team's admin would keep a contractor whom the organization has until a moment."""
    Membership.objects.filter(user=cast.outsider, team=None).update(expires_at=end)
    add_member(cast.actor("second_team_admin"), cast.team, person=cast.outsider.email or "", role="user")
    assert held(cast.outsider, cast.organization).expires_at == end
    Membership.objects.filter(user=cast.member).update(expires_at=end)
    join(cast.project_owner, cast.team, "user")
    add_member(cast.actor("project_owner"), cast.project, person=cast.member.email or "", role="member")
    assert held(cast.member, cast.organization).expires_at == end, "whoever adds them could not have brought them in"
