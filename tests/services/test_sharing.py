"""Scopes that are shared with another team: what is given, by whom, what it lets them do, and how it ends."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from keys.services import generate_key
from orgs.closing import delete_scopes
from orgs.models import ProjectGrant
from rbacadmin import policy
from rbacadmin.errors import PermissionDenied
from rbacadmin.models import AuditEvent, Change
from rbacadmin.policy import Action, Actor, grants
from rbacadmin.policy.roles import GRANTABLE, LEADING_ROLE, ROLES
from teams.models import Membership, Team
from teams.services import remove_member, share_scope, unshare_scope
from tests.factories import TeamFactory, join
from tests.services.test_scopes import refused
from tests.world import World

USE = {Action.VIEW_PROJECTS, Action.CREATE_KEYS, Action.CALL_MODELS}


def share(cast: World, name: str = "org_admin", **given: Any) -> Any:
    return share_scope(cast.actor(name), cast.project, **{"team": cast.team, "actions": USE, **given})


@pytest.mark.parametrize("kind", ["organization", "project", "team"])
def test_what_is_given_may_be_done_by_the_members_and_is_explained(cast: World, kind: str) -> None:
    scope = cast.other_team if kind == "team" else getattr(cast, kind)
    action = {"organization": Action.VIEW_ORGANIZATIONS, "project": Action.VIEW_SPEND, "team": Action.LIST_KEYS}[kind]
    assert not policy.can(cast.actor("member"), action, scope)
    share_scope(cast.actor("org_admin"), scope, team=cast.team, actions=[action])
    member = cast.actor("member")
    for one in (action, type(scope).view_action):
        assert policy.can(member, one, scope), one
        assert scope in policy.visible(member, one, type(scope).objects.all())
        assert cast.member in policy.who(one, scope)
    reasons = policy.explain(member, action, scope).reasons
    assert [(reason.kind, reason.scope) for reason in reasons] == [("grant", (kind, scope.pk))]
    assert not policy.can(cast.actor("outsider"), action, scope) or kind == "team"


def test_a_share_says_since_when_by_whom_and_until_when(cast: World) -> None:
    end = timezone.now() + timedelta(days=2)
    share(cast, expires_at=end)
    share(cast, "proxy_admin", actions=[Action.VIEW_SPEND, Action.CALL_MODELS])
    found = grants.given(cast.project, [cast.team.group_id])[cast.team.group_id]
    assert found.actions == {Action.VIEW_PROJECTS, Action.CALL_MODELS, Action.VIEW_SPEND}
    assert (found.by, found.expires_at) == (cast.org_admin.label, None)
    assert list(grants.groups_on(cast.project).values_list("group_id", flat=True)) == [cast.team.group_id]


def test_a_share_ends_by_itself(cast: World) -> None:
    share(cast, expires_at=timezone.now() + timedelta(days=1))
    ProjectGrant.objects.filter(content_object=cast.project).update(expires_at=timezone.now())
    assert not policy.can(cast.actor("member"), Action.VIEW_PROJECTS, cast.project)
    assert not grants.groups_on(cast.project)
    share(cast)
    assert policy.can(cast.actor("member"), Action.VIEW_PROJECTS, cast.project)


def test_both_sides_have_it_on_record_and_machines_are_told(cast: World) -> None:
    share(cast)
    unshare_scope(cast.actor("org_admin"), cast.project, team=cast.team)
    events = list(AuditEvent.objects.order_by("created_at", "pk").values_list("event", "object_id"))
    project, team = str(cast.project.pk), str(cast.team.pk)
    assert sorted(events) == sorted([
        ("project.shared", project), ("team.given_access", team),
        ("project.unshared", project), ("team.lost_access", team),
    ])  # fmt: skip
    assert sorted(Change.objects.values_list("object_id", flat=True)) == sorted([project, team] * 2)
    assert AuditEvent.objects.get(event="project.shared").details["changed"]["may"] == [[], sorted(USE)]


def test_to_share_the_same_again_changes_nothing(cast: World) -> None:
    assert share(cast) == share(cast)
    assert AuditEvent.objects.filter(event="project.shared").count() == 1


@pytest.mark.parametrize("name", ["project_member", "member", "reader", "team_admin", "stranger", "auditor", "loner"])
def test_who_manages_nobody_here_shares_nothing(cast: World, name: str) -> None:
    refused(PermissionDenied, share, cast, name)
    assert AuditEvent.objects.get(outcome="refused").event == "project.share"
    share(cast)
    refused(PermissionDenied, unshare_scope, cast.actor(name), cast.project, team=cast.team)


def test_nobody_gives_what_they_do_not_hold(cast: World) -> None:
    """Rulebook 11: whoever was let manage the people of a project gives on what they were given, and no more."""
    share(cast, actions=[Action.MANAGE_MEMBERS, Action.CALL_MODELS])
    join(cast.member, cast.granted_team, "user")
    share(cast, "member", team=cast.granted_team, actions=[Action.CALL_MODELS])
    assert policy.can(cast.actor("granted"), Action.CALL_MODELS, cast.project)
    denied = refused(PermissionDenied, share, cast, "member", team=cast.granted_team, actions=[Action.VIEW_SPEND])
    assert denied.decision.action == Action.VIEW_SPEND
    refused(
        PermissionDenied, share, cast, "project_owner", actions=[*USE, Action.CHANGE_PROJECTS], team=cast.other_team
    )


def test_what_cannot_be_shared_is_said(cast: World) -> None:
    said = refused(ValidationError, share, cast, "proxy_admin", team=cast.there.team)
    assert "another organization" in said.messages[0]
    alone = TeamFactory(organization=None)
    refused(ValidationError, share, cast, "proxy_admin", team=alone)
    refused(ValidationError, share_scope, cast.actor("proxy_admin"), alone, team=cast.team, actions=[Action.SEE_TEAMS])
    refused(
        ValidationError, share_scope, cast.actor("team_admin"), cast.team, team=cast.team, actions=[Action.LIST_KEYS]
    )
    refused(ValidationError, share, cast, actions=[])
    refused(ValidationError, share, cast, actions=[Action.DELETE_PROJECTS])
    refused(ValidationError, share, cast, expires_at=timezone.now())
    refused(ValidationError, unshare_scope, cast.actor("org_admin"), cast.project, team=cast.team)
    refused(ValidationError, unshare_scope, cast.actor("org_admin"), cast.team, team=cast.team)


def test_a_team_that_one_does_not_see_is_changed_but_not_chosen(cast: World) -> None:
    refused(PermissionDenied, share, cast, "project_owner")
    share(cast)
    assert share(cast, "project_owner", actions=[Action.CALL_MODELS]).actions < USE
    unshare_scope(cast.actor("project_owner"), cast.project, team=cast.team)


def test_own_keys_in_a_shared_project_are_managed_as_members_do(cast: World) -> None:
    share(cast)
    key, _secret = generate_key(cast.actor("member"), owner=cast.member, project=cast.project)
    assert policy.can(cast.actor("member"), Action.REGENERATE_KEYS, key)
    assert cast.member in policy.who(Action.DELETE_KEYS, key)
    assert not policy.can(cast.actor("colleague"), Action.DELETE_KEYS, key)
    assert policy.can(Actor.for_key(key), Action.CALL_MODELS, cast.project)
    unshare_scope(cast.actor("org_admin"), cast.project, team=cast.team)
    key.refresh_from_db()
    assert not policy.can(Actor.for_key(key), Action.CALL_MODELS, cast.project)
    assert not policy.can(cast.actor("member"), Action.REGENERATE_KEYS, key)


def test_who_leaves_the_team_leaves_what_was_shared_with_it(cast: World) -> None:
    share(cast)
    remove_member(cast.actor("team_admin"), Membership.objects.get(user=cast.member, team=cast.team))
    assert not policy.can(cast.actor("member"), Action.VIEW_PROJECTS, cast.project)


def test_a_team_that_is_deleted_takes_its_shares_along_on_record(cast: World) -> None:
    share(cast)
    share_scope(cast.actor("org_admin"), cast.team, team=cast.granted_team, actions=[Action.LIST_KEYS])
    delete_scopes(cast.actor("org_admin"), Team.objects.get(pk=cast.team.pk))
    assert not ProjectGrant.objects.exists() or not grants.groups_on(cast.project)
    ended = AuditEvent.objects.filter(event__in=("project.unshared", "team.unshared"))
    assert {event.object_id for event in ended} == {str(cast.project.pk), str(cast.team.pk)}


def test_whatever_a_leader_may_can_be_given_and_nothing_beyond() -> None:
    for kind, role in LEADING_ROLE.items():
        assert set(GRANTABLE[kind]) == ROLES[kind][role]


def test_whoever_has_it_until_a_moment_does_not_make_it_longer_themselves(cast: World) -> None:
    end = timezone.now() + timedelta(hours=1)
    given: dict[str, Any] = {"actions": [Action.MANAGE_MEMBERS, Action.VIEW_PROJECTS]}
    share(cast, **given, expires_at=end)
    for later in (None, end + timedelta(days=1)):
        with pytest.raises(ValidationError, match="longer than they hold"):
            share(cast, "member", **given, expires_at=later)
    assert grants.given(cast.project, [cast.team.group_id])[cast.team.group_id].expires_at == end
    assert share(cast, "member", **given, expires_at=end - timedelta(minutes=1)).expires_at < end
    assert share(cast, **given).expires_at is None
