"""What will change, before it does; and looking through who holds what."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from dashboard.access.preview import preview
from rbacadmin import policy
from rbacadmin.errors import Conflict
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Action
from rbacadmin.policy.difference import COMPARED
from teams.models import Membership
from teams.services import add_member, change_member, remove_member, update_user
from tests.matrix.managed import changed, snapshot
from tests.world import World

Browser = Callable[[str], Client]


def membership(cast: World, name: str) -> Membership:
    return Membership.objects.get(user=getattr(cast, name), team=cast.team)


CHANGES = {
    "a team admin": lambda cast: (
        lambda: change_member(cast.actor("proxy_admin"), membership(cast, "member"), role="admin")
    ),
    "out of the team": lambda cast: lambda: remove_member(cast.actor("proxy_admin"), membership(cast, "member")),
    "out of the organization": lambda cast: (
        lambda: remove_member(
            cast.actor("proxy_admin"),
            Membership.objects.get(user=cast.member, organization=cast.organization, team=None),
        )
    ),
    "into a project": lambda cast: (
        lambda: add_member(cast.actor("proxy_admin"), cast.project, person=cast.member.email, role="owner")
    ),
    "a platform viewer": lambda cast: (
        lambda: update_user(cast.actor("proxy_admin"), cast.member, platform_role="proxy_admin_viewer")
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_preview_is_what_then_happens(cast: World, name: str) -> None:
    """The very difference of what is visible, before against after, to an asker who sees everything."""
    change, rows = CHANGES[name](cast), snapshot()
    told = preview(cast.actor("proxy_admin"), cast.member, change)
    assert not changed(rows, snapshot()), "a preview leaves nothing"
    before, there = policy.holdings(cast.actor("member")), policy.holdings(cast.actor("proxy_admin"))
    change()
    after = policy.holdings(cast.actor("member"))
    known = {label: there.get((label, view_action(label)), frozenset()) for label in COMPARED} | {"": frozenset({None})}
    expected = [
        (part.action, len(part.gained & known[part.label]), len(part.lost & known[part.label]))
        for part in policy.difference(before, after)
    ]
    assert told.gained or told.lost
    assert sorted((part.action, part.count) for part in told.gained) == sorted((a, g) for a, g, _ in expected if g)
    assert sorted((part.action, part.count) for part in told.lost) == sorted((a, n) for a, _, n in expected if n)


def view_action(label: str) -> Action:
    from django.apps import apps

    found: Action = apps.get_model(label).view_action  # type: ignore[attr-defined]
    return found


def test_a_guard_is_told_instead(cast: World, browser_of: Browser) -> None:
    Membership.objects.filter(user=cast.second_team_admin, team=cast.team).delete()
    row = membership(cast, "team_admin")
    with pytest.raises(Conflict):
        preview(cast.actor("team_admin"), cast.team_admin, lambda: remove_member(cast.actor("team_admin"), row))
    answer = browser_of("team_admin").post(reverse("access-preview-member", args=[row.pk]), {"role": "user"})
    assert answer.status_code == 200
    assert "is the last admin of this team" in answer.content.decode()
    assert "Save" not in answer.content.decode().split('id="confirm"')[1]


def test_the_page_before_a_role_is_saved(cast: World, browser_of: Browser) -> None:
    row, before = membership(cast, "member"), snapshot()
    answer = browser_of("team_admin").post(reverse("access-preview-member", args=[row.pk]), {"role": "admin"})
    gained = {part.action for part in answer.context["preview"].gained}
    assert Action.MANAGE_MEMBERS in gained
    assert not answer.context["preview"].lost
    assert not changed(before, snapshot())
    assert browser_of("member").post(reverse("access-preview-member", args=[row.pk]), {}).status_code == 403
    assert browser_of("stranger").post(reverse("access-preview-member", args=[row.pk]), {}).status_code == 404


def test_a_platform_role_is_previewed_by_who_may_give_it(cast: World, browser_of: Browser) -> None:
    url = reverse("access-preview-person", args=[cast.member.pk])
    answer = browser_of("proxy_admin").post(url, {"platform_role": "proxy_admin"})
    assert Action.CREATE_ORGANIZATIONS in {part.action for part in answer.context["preview"].gained}
    assert browser_of("org_admin").post(url, {"platform_role": "proxy_admin"}).status_code == 403


def test_members_are_looked_through_and_ticked_off(cast: World, browser_of: Browser) -> None:
    url, row = reverse("access-review", args=["team", cast.team.pk]), membership(cast, "colleague")
    assert browser_of("team_admin").post(url, {"row": [str(row.pk)]}).status_code == 302
    row.refresh_from_db()
    assert row.reviewed_by == cast.team_admin.label
    assert AuditEvent.objects.filter(event="member.reviewed", object_id=str(row.pk), outcome="done").exists()
    csv = b"".join(browser_of("team_admin").get(url + "?format=csv").streaming_content).decode()
    assert cast.colleague.email in csv
    assert browser_of("auditor").post(url, {"row": [str(row.pk)]}).status_code == 403
