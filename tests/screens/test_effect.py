"""What a form would change is told above it, before anything is saved; and it is what then happens."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.access.granting import granting
from keys.models import Key
from rbacadmin import policy
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Action
from rbacadmin.policy.roles import MEMBER_ACTIONS
from teams.models import Membership, Team, User
from teams.services import set_member_permissions
from tests.matrix.judging import undone
from tests.matrix.managed import changed, snapshot
from tests.world import World

Browser = Callable[[str], Client]


def membership(cast: World) -> Membership:
    return Membership.objects.get(user=cast.member, team=cast.team)


FORMS: dict[str, tuple[Callable[[World], str], str]] = {
    "organization": (lambda cast: reverse("organization-edit", args=[cast.organization.pk]), "proxy_admin"),
    "project": (lambda cast: reverse("project-edit", args=[cast.project.pk]), "org_admin"),
    "team": (lambda cast: reverse("team-edit", args=[cast.team.pk]), "team_admin"),
    "member": (lambda cast: reverse("team-member-edit", args=[cast.team.pk, membership(cast).pk]), "team_admin"),
    "key": (lambda cast: reverse("key-edit", args=[cast.here.keys["member_team"].pk]), "org_admin"),
    "person": (lambda cast: reverse("person-edit", args=[cast.member.pk]), "proxy_admin"),
}


@pytest.mark.parametrize("kind", FORMS)
def test_a_form_tells_who_is_bound_differently_and_saves_nothing(cast: World, browser_of: Browser, kind: str) -> None:
    url, name = FORMS[kind][0](cast), FORMS[kind][1]
    browser = browser_of(name)
    sent = {field.name: field.value() or "" for field in browser.get(url).context["form"] if not field.field.disabled}
    if isinstance(sent.get("models"), list):
        sent["models"] = ", ".join(sent["models"])
    for field in ("max_budget", "soft_budget"):
        if isinstance(sent.get(field), int):
            sent[field] = str(sent[field] // 10**9)
    sent.pop("assignments", None)
    before = snapshot()
    answer = browser.post(url, {**sent, "rpm_limit": "7", "as": "preview"})
    assert answer.status_code == 200, answer.context["form"].errors
    assert not changed(before, snapshot())
    found = answer.context["binding"]
    assert {(one.name, one.after.partition(",")[0]) for one in found.shifts} == {("rpm_limit", "7")}
    assert sum(one.keys for one in found.shifts) == found.keys > 0
    assert sum(one.members for one in found.shifts) == found.members
    assert 'value="7"' in answer.text, "the form is as it was sent"
    assert browser.post(url, {**sent, "rpm_limit": "7"}).status_code == 302


def test_a_platform_role_is_told_on_the_form_itself(cast: World, browser_of: Browser) -> None:
    url = reverse("person-edit", args=[cast.member.pk])
    answer = browser_of("proxy_admin").post(url, {"name": "", "platform_role": "proxy_admin_viewer", "as": "preview"})
    found = answer.context["preview"]
    assert Action.VIEW_SETTINGS in {part.action for part in found.gained}
    assert Action.CREATE_KEYS in {part.action for part in found.lost}
    assert User.objects.get(pk=cast.member.pk).platform_role == "internal_user"
    assert browser_of("org_admin").post(url, {"platform_role": "proxy_admin", "as": "preview"}).status_code == 403


def test_what_several_people_get_at_once_is_told_before(cast: World, browser_of: Browser) -> None:
    people = [cast.member, cast.colleague]
    sent = {"verb": "change", "asked": "1", "row": [str(one.pk) for one in people], "rpm_limit": "7"}
    url, before = reverse("person-bulk"), snapshot()
    answer = browser_of("proxy_admin").post(url, {**sent, "as": "preview"})
    assert answer.status_code == 200
    assert not changed(before, snapshot())
    found = answer.context["binding"]
    assert {(one.name, one.after.partition(",")[0]) for one in found.shifts} == {("rpm_limit", "7")}
    assert found.keys == Key.objects.filter(user__in=people).count()
    assert found.members == Membership.objects.filter(user__in=people).count()
    assert 'value="7"' in answer.text
    refused = browser_of("org_admin").post(url, {**sent, "as": "preview"})
    assert not refused.context["binding"].shifts
    assert "Platform admin" in refused.text, "each refusal says what it takes"
    assert not changed(before, snapshot())
    assert not AuditEvent.objects.filter(outcome="refused").exists()


def test_who_joins_is_told_what_they_gain(cast: World, browser_of: Browser) -> None:
    url, before = reverse("access-preview-joining", args=["team", cast.team.pk]), snapshot()
    for email in (cast.loner.email, "somebody-new@example.com"):
        answer = browser_of("proxy_admin").post(url, {"email": email, "role": "admin"})
        assert Action.MANAGE_MEMBERS in {part.action for part in answer.context["preview"].gained}, email
    told = browser_of("team_admin").post(url, {"email": cast.member.email, "role": "user"})
    assert "already a member" in told.context["error"]
    assert not changed(before, snapshot())
    assert browser_of("member").post(url, {"email": cast.loner.email, "role": "user"}).status_code == 403
    assert browser_of("stranger").post(url, {"email": cast.loner.email, "role": "user"}).status_code == 404


def test_what_an_address_of_elsewhere_may_do_is_not_told(cast: World, browser_of: Browser) -> None:
    """Rulebook 8: a stranger, the platform's admin and nobody at all are told alike; the address is what was typed."""
    url, browser = reverse("access-preview-joining", args=["team", cast.team.pk]), browser_of("team_admin")
    told = {}
    for email in (cast.stranger.email, cast.proxy_admin.email, "nobody-yet@example.com"):
        answer = browser.post(url, {"email": email, "role": "user"})
        found = answer.context["preview"]
        told[email] = [(part.where, part.action) for part in [*found.gained, *found.lost]]
        assert email in answer.text
    assert len({str(one) for one in told.values()}) == 1, told


def held(cast: World, name: str) -> dict[Action, set[Any]]:
    """On which keys of others in the team somebody may do each of the ten, or whether on the team itself."""
    actor = cast.actor(name)
    keys = Key.objects.filter(team=cast.team).exclude(user=actor.user)
    teams = Team.objects.filter(pk=cast.team.pk)
    making = (Action.CREATE_KEYS, Action.CREATE_SERVICE_KEYS)
    return {
        action: set(policy.visible(actor, action, teams if action in making else keys).values_list("pk", flat=True))
        for action in MEMBER_ACTIONS
    }


@settings(max_examples=12)
@given(wanted=st.sets(st.sampled_from(MEMBER_ACTIONS)))
def test_what_members_gain_and_lose_is_the_difference_of_visible(cast: World, wanted: set[Action]) -> None:
    people = ("team_admin", "member", "colleague", "org_admin", "reader", "outsider", "auditor", "loner")
    root = cast.actor("proxy_admin")
    with undone():
        before = {name: held(cast, name) for name in people}
        rows = snapshot()

        def change() -> Any:
            return set_member_permissions(root, cast.team, permissions=frozenset(wanted))

        told = granting(root, cast.team, change)
        assert not changed(rows, snapshot())
        change()
        after = {name: held(cast, name) for name in people}
    for name in people:
        label = getattr(cast, name).label
        gained = {action for action in MEMBER_ACTIONS if after[name][action] - before[name][action]}
        lost = {action for action in MEMBER_ACTIONS if before[name][action] - after[name][action]}
        assert {one.action for one in told.gained if label in one.names} == gained, name
        assert {one.action for one in told.lost if label in one.names} == lost, name
    assert told.keys == cast.team.keys.count()


def test_the_table_of_permissions_tells_before_it_saves(cast: World, browser_of: Browser) -> None:
    url = reverse("team-permissions", args=[cast.team.pk])
    answer = browser_of("team_admin").post(url, {"granted": ["delete_keys", "view_keys"], "as": "preview"})
    found = answer.context["granting"]
    assert [(one.action, one.people, list(one.names)) for one in found.gained] == [
        (Action.DELETE_KEYS, 2, sorted([cast.colleague.label, cast.member.label]))
    ]
    assert [one.action for one in found.lost] == [Action.CHECK_KEYS]
    assert policy.can(cast.actor("member"), Action.CHECK_KEYS, cast.team), "nothing was saved"
    ticked = {one.action for one in answer.context["permissions"] if one.granted}
    assert ticked == {Action.DELETE_KEYS, Action.VIEW_KEYS}, "what was ticked stays ticked"
    assert browser_of("member").post(url, {"as": "preview"}).status_code == 403
