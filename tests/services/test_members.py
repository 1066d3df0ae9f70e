"""Membership: adding, changing and removing people, for every kind of scope."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from rbacadmin.errors import Conflict, Duplicate, NotFound, PermissionDenied
from rbacadmin.models import AuditEvent, Change
from rbacadmin.policy import ROLES, Action, Actor
from teams.models import Invitation, Membership, User
from teams.services import add_member, change_member, join_team, remove_member
from tests.factories import TeamFactory, UserFactory, join
from tests.world import World


def membership(person: User, scope: Any) -> Membership:
    return Membership.objects.get(user=person, group=scope.group)


def unchanged(cast: World) -> tuple[Any, ...]:
    """What a refused write must not have touched."""
    return (
        list(Membership.objects.order_by("pk").values_list("pk", "role", "max_budget", "expires_at")),
        User.objects.count(),
        Invitation.objects.count(),
        Change.objects.count(),
        AuditEvent.objects.filter(outcome="done").count(),
    )


def refused(cast: World, error: type[Exception], run: Any, *args: Any, **kwargs: Any) -> Any:
    before = unchanged(cast)
    with pytest.raises(error) as caught:
        run(*args, **kwargs)
    assert unchanged(cast) == before
    return caught.value


def test_a_team_admin_adds_a_member_of_the_organization(cast: World) -> None:
    made = add_member(cast.actor("team_admin"), cast.team, person=cast.outsider.email or "", role="user")
    assert (made.role, made.team_id, made.organization_id) == ("user", cast.team.pk, cast.organization.pk)
    event = AuditEvent.objects.get()
    assert (event.event, event.object_id, event.team_id) == ("member.added", str(made.pk), cast.team.pk)
    assert event.details == {"user": cast.outsider.public_id, "role": "user"}
    assert Change.objects.get().op == "created"


@pytest.mark.parametrize("name", ["member", "granted", "reader", "auditor", "stranger", "viewer", "project_owner"])
def test_who_does_not_manage_the_team_adds_nobody(cast: World, name: str) -> None:
    refused(
        cast, PermissionDenied, add_member, cast.actor(name), cast.team, person=cast.outsider.email or "", role="user"
    )
    event = AuditEvent.objects.get()
    assert (event.event, event.outcome, event.status, event.team_id) == ("member.add", "refused", 403, cast.team.pk)


def test_a_team_admin_appoints_team_admins(cast: World) -> None:
    """Rulebook 11."""
    assert add_member(cast.actor("team_admin"), cast.team, person=cast.outsider.email or "", role="admin")


@pytest.mark.parametrize(
    ("word", "role"), [("member", "user"), ("USER", "user"), ("internal_user", "user"), ("Admin", "admin")]
)
def test_words_for_roles(cast: World, word: str, role: str) -> None:
    made = add_member(cast.actor("team_admin"), cast.team, person=cast.outsider.email or "", role=word)
    assert made.role == role


@pytest.mark.parametrize("word", ["", "owner", "org_admin", "proxy_admin", "service", "token", "boss"])
def test_other_words_are_refused_with_those_that_count(cast: World, word: str) -> None:
    error = refused(
        cast, ValidationError, add_member, cast.actor("team_admin"), cast.team, person="a@example.com", role=word
    )
    assert "Accepted: admin, user" in error.message_dict["role"][0]


def test_who_joins_a_team_joins_its_organization(cast: World) -> None:
    """Rulebook 9."""
    add_member(cast.actor("proxy_admin"), cast.team, person=cast.loner.email or "", role="user")
    assert membership(cast.loner, cast.organization).role == "internal_user"


def test_an_unknown_address_becomes_a_person_who_is_a_member_at_once(cast: World) -> None:
    """Rulebook 8."""
    made = add_member(cast.actor("team_admin"), cast.team, person="New@Example.com", role="user")
    assert (made.user.email, made.user.public_id) == ("new@example.com", "new@example.com")
    assert made.user.platform_role == "internal_user"
    assert not made.user.has_usable_password()
    assert Invitation.objects.get().user == made.user
    events = set(AuditEvent.objects.values_list("event", flat=True))
    assert events == {"user.created", "invitation.created", "member.added"}


def test_an_address_that_is_known_elsewhere_answers_the_same(cast: World) -> None:
    """Rulebook 8: nobody learns who else is a customer."""
    made = add_member(cast.actor("team_admin"), cast.team, person=cast.there.member.email or "", role="user")
    assert made.user == cast.there.member
    assert made.role == "user"


def test_an_unknown_id_is_not_found_but_for_the_platform_admin(cast: World) -> None:
    """Rulebook 8."""
    for known in ("nobody-7", str(cast.there.member.pk)):
        refused(cast, NotFound, add_member, cast.actor("team_admin"), cast.team, person=known, role="user")
    assert add_member(cast.actor("proxy_admin"), cast.team, person="nobody-7", role="user").user.public_id == "nobody-7"


@pytest.mark.parametrize("person", ["new@example.com", "nobody-7", "THERE"])
def test_a_project_owner_names_members_of_the_organization_only(cast: World, person: str) -> None:
    """Rulebook 8: the same words for any id."""
    ident = (cast.there.member.email or "") if person == "THERE" else person
    error = refused(
        cast, ValidationError, add_member, cast.actor("project_owner"), cast.project, person=ident, role="member"
    )
    assert error.message_dict["user_id"] == [
        f"Only members of the organization can join this project; '{ident}' is none."
    ]
    assert add_member(cast.actor("project_owner"), cast.project, person=cast.member.email or "", role="member")


@pytest.mark.parametrize("person", ["", "  ", "not an@address", "@", "a@b", "a@b\n@c.de"])
def test_what_names_nobody(cast: World, person: str) -> None:
    refused(cast, ValidationError, add_member, cast.actor("team_admin"), cast.team, person=person, role="user")


def test_nobody_joins_twice(cast: World) -> None:
    error = refused(
        cast, Duplicate, add_member, cast.actor("team_admin"), cast.team, person=cast.member.email or "", role="admin"
    )
    assert error.code == "already_member"


def test_personal_limits_stay_within_the_team(cast: World) -> None:
    """Rulebook 14."""
    too_much = (cast.team.max_budget or 0) + 1
    error = refused(
        cast,
        ValidationError,
        add_member,
        cast.actor("org_admin"),
        cast.team,
        person=cast.outsider.email or "",
        role="user",
        max_budget=too_much,
    )
    assert "max_budget" in error.message_dict


def test_new_members_start_with_the_teams_defaults(cast: World) -> None:
    cast.team.member_defaults = {"max_budget": 5, "budget_duration": "30d"}
    cast.team.save()
    made = add_member(cast.actor("team_admin"), cast.team, person=cast.outsider.email or "", role="user")
    assert (made.max_budget, made.budget_duration) == (5, "30d")


def test_a_role_is_changed_and_recorded(cast: World) -> None:
    change_member(cast.actor("team_admin"), membership(cast.member, cast.team), role="admin")
    assert membership(cast.member, cast.team).role == "admin"
    event = AuditEvent.objects.get()
    assert (event.event, event.details) == ("member.updated", {"changed": {"role": ["user", "admin"]}})


def test_what_changes_nothing_is_not_recorded(cast: World) -> None:
    change_member(cast.actor("team_admin"), membership(cast.member, cast.team), role="user")
    assert not AuditEvent.objects.exists()
    assert not Change.objects.exists()


def test_nobody_takes_away_a_role_that_they_do_not_hold(cast: World) -> None:
    """Rulebook 11."""
    refused(
        cast,
        PermissionDenied,
        change_member,
        cast.actor("team_admin"),
        membership(cast.org_admin, cast.organization),
        role="internal_user",
    )
    refused(
        cast, PermissionDenied, remove_member, cast.actor("team_admin"), membership(cast.org_admin, cast.organization)
    )


def test_the_last_admin_of_a_team_stays(cast: World) -> None:
    """Rulebook 10: unless somebody above takes them away."""
    remove_member(cast.actor("team_admin"), membership(cast.second_team_admin, cast.team))
    last = membership(cast.team_admin, cast.team)
    for run in (
        lambda: remove_member(cast.actor("team_admin"), last),
        lambda: change_member(cast.actor("team_admin"), last, role="user"),
    ):
        error = refused(cast, Conflict, run)
        assert error.code == "last_leader"
    assert AuditEvent.objects.filter(outcome="refused", status=409, team_id=cast.team.pk).count() == 2
    remove_member(cast.actor("org_admin"), last)


def test_the_last_owner_of_a_project_stays(cast: World) -> None:
    """Rulebook 10."""
    last = membership(cast.project_owner, cast.project)
    refused(cast, Conflict, remove_member, cast.actor("project_owner"), last)
    remove_member(cast.actor("org_admin"), last)


@pytest.mark.parametrize("name", ["org_admin", "proxy_admin"])
def test_the_last_admin_of_an_organization_stays_whoever_asks(cast: World, name: str) -> None:
    """Rulebook 10: also for the platform admin."""
    last = membership(cast.org_admin, cast.organization)
    refused(cast, Conflict, remove_member, cast.actor(name), last)
    refused(cast, Conflict, change_member, cast.actor(name), last, role="internal_user")


def test_a_blocked_admin_is_no_other_admin(cast: World) -> None:
    """Rulebook 10: somebody who can act must be left."""
    User.objects.filter(pk=cast.second_team_admin.pk).update(blocked_by="platform")
    refused(cast, Conflict, remove_member, cast.actor("team_admin"), membership(cast.team_admin, cast.team))


def test_an_admin_whose_membership_has_ended_is_no_other_admin(cast: World) -> None:
    """Rulebook 10."""
    Membership.objects.filter(user=cast.second_team_admin, team=cast.team).update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    refused(cast, Conflict, remove_member, cast.actor("team_admin"), membership(cast.team_admin, cast.team))


def test_an_empty_teams_only_admin_may_leave(cast: World) -> None:
    """Rulebook 10 guards teams that have members."""
    team = TeamFactory(organization=cast.organization)
    person = UserFactory()
    join(person, team, "admin")
    remove_member(Actor.for_user(person), membership(person, team))
    assert not team.memberships.exists()


@pytest.mark.parametrize("name", ["member", "granted", "reader", "auditor", "stranger"])
def test_who_does_not_manage_the_team_removes_nobody(cast: World, name: str) -> None:
    refused(cast, PermissionDenied, remove_member, cast.actor(name), membership(cast.colleague, cast.team))


def test_a_key_that_may_not_manage_members_does_not(cast: World) -> None:
    key = cast.here.keys["team_admin_team"]
    key.actions = [Action.VIEW_KEYS.value]
    key.save()
    refused(cast, PermissionDenied, remove_member, Actor.for_key(key), membership(cast.colleague, cast.team))


def test_a_key_that_manages_members_but_is_no_admin_leaves_the_admins_alone(cast: World) -> None:
    """Rulebook 11: nobody takes away a role that they do not hold in full."""
    key = cast.here.keys["team_admin_team"]
    key.actions = sorted(action.value for action in ROLES["team"]["user"] | {Action.MANAGE_MEMBERS})
    key.save()
    actor, admin = Actor.for_key(key), membership(cast.second_team_admin, cast.team)
    refused(cast, PermissionDenied, remove_member, actor, admin)
    refused(cast, PermissionDenied, change_member, actor, admin, role="user")
    refused(cast, PermissionDenied, change_member, actor, membership(cast.member, cast.team), role="admin")
    remove_member(actor, membership(cast.member, cast.team))


def test_an_open_team_is_joined_once_and_only_by_its_own_people(cast: World, settings: Any) -> None:
    settings.AVAILABLE_TEAMS = [str(cast.other_team.pk)]
    joined = join_team(cast.actor("member"), cast.other_team)
    assert (joined.user, joined.role) == (cast.member, "user")
    with pytest.raises(Duplicate):
        join_team(cast.actor("member"), cast.other_team)
    for name in ("auditor", "loner", "stranger"):
        with pytest.raises(PermissionDenied):
            join_team(cast.actor(name), cast.other_team)
    with pytest.raises(PermissionDenied):
        join_team(cast.actor("reader"), cast.team)
    refused = AuditEvent.objects.filter(outcome="refused", event="team.join", status=403)
    assert refused.count() == 4
