"""Sharing a scope with a team in the dashboard: the list, the form, what it would change, and the way back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import places
from dashboard.access.granting import granting
from rbacadmin import policy
from rbacadmin.models import AuditEvent
from rbacadmin.policy import ROLES, Action, grants
from rbacadmin.policy.roles import GRANTABLE
from teams.services import share_scope, unshare_scope
from tests.factories import TeamFactory, UserFactory, join
from tests.matrix.judging import undone
from tests.matrix.managed import changed, snapshot
from tests.world import World

Browser = Callable[[str], Client]
MEMBER = ROLES["project"]["member"]


def at(cast: World, name: str = "shared", *more: Any) -> str:
    return reverse(f"project-{name}", args=[cast.project.pk, *more])


def held(cast: World) -> frozenset[Action]:
    return grants.on(cast.project, cast.team.group)


def test_a_project_is_shared_changed_and_taken_back(cast: World, browser_of: Browser) -> None:
    browser = browser_of("org_admin")
    assert "Shared with no team" in browser.get(at(cast)).text
    answer = browser.post(at(cast, "share-new"), {"team": str(cast.team.pk), "level": "member"}, follow=True)
    assert answer.redirect_chain == [(at(cast), 302)]
    assert held(cast) == MEMBER
    assert cast.team.label in answer.text
    assert "the same as: Project member" in answer.text
    assert cast.org_admin.label in answer.text
    form = browser.get(at(cast, "share", cast.team.pk)).context["form"]
    assert form.initial["level"] == "member"
    chosen = {"level": "chosen", "actions": ["list_keys"], "expires_at": "2099-01-31 18:00"}
    assert browser.post(at(cast, "share", cast.team.pk), chosen).status_code == 302
    assert held(cast) == {Action.VIEW_PROJECTS, Action.LIST_KEYS}
    assert "2099" in browser.get(at(cast)).text
    question = browser.get(at(cast, "share-end", cast.team.pk))
    assert "list keys" in question.text
    assert browser.post(at(cast, "share-end", cast.team.pk)).status_code == 302
    assert not held(cast)
    history = browser.get(reverse("project-history", args=[cast.project.pk])).text
    assert "Project unshared" in history
    assert "list keys" in history
    assert "list_keys" not in history
    assert cast.team.label in history
    assert cast.team.public_id not in history


def test_what_will_change_is_told_and_nothing_is_saved(cast: World, browser_of: Browser) -> None:
    before = snapshot()
    sent = {"team": str(cast.team.pk), "level": "chosen", "actions": ["call_models"], "as": "preview"}
    answer = browser_of("org_admin").post(at(cast, "share-new"), sent)
    assert answer.status_code == 200
    assert not changed(before, snapshot())
    told = {one.action: one.people for one in answer.context["granting"].gained}
    assert told == {Action.VIEW_PROJECTS: 4, Action.CALL_MODELS: 4}  # two admins and two members
    assert f'value="{cast.team.pk}" selected' in answer.text


def test_only_what_one_holds_and_sees_is_offered(cast: World, browser_of: Browser) -> None:
    join(cast.project_owner, cast.granted_team, "user")
    form = browser_of("project_owner").get(at(cast, "share-new")).context["form"]
    assert [name for name, _label in form.fields["team"].choices] == ["", str(cast.granted_team.pk)]
    share_scope(cast.actor("org_admin"), cast.project, team=cast.team, actions=[Action.MANAGE_MEMBERS])
    form = browser_of("member").get(at(cast, "share-new")).context["form"]
    offered = {name for _area, rows in form.fields["actions"].choices for name, _label in rows}
    assert offered == {"view_projects", "manage_members"}
    assert [name for name, _label in form.fields["level"].choices] == ["chosen"]
    refused = browser_of("member").post(at(cast, "share-new"), {"team": str(cast.team.pk), "level": "owner"})
    assert refused.status_code == 422


def test_a_team_that_one_does_not_see_has_no_name_and_can_be_sent_away(cast: World, browser_of: Browser) -> None:
    share_scope(cast.actor("org_admin"), cast.project, team=cast.team, actions=MEMBER)
    browser = browser_of("project_owner")
    page = browser.get(at(cast)).text
    assert "A team that you do not see" in page
    assert cast.team.label not in page
    assert cast.team.label not in browser.get(at(cast, "share", cast.team.pk)).text
    assert cast.team.label not in browser.get(at(cast, "share-end", cast.team.pk)).text
    assert browser.post(at(cast, "share-end", cast.team.pk)).status_code == 302
    assert not held(cast)


@pytest.mark.parametrize("name", ["project_member", "auditor", "member"])
def test_who_manages_nobody_shares_nothing(cast: World, browser_of: Browser, name: str) -> None:
    before = snapshot()
    status = 404 if name == "member" else 403
    answer = browser_of(name).post(at(cast, "share-new"), {"team": str(cast.team.pk), "level": "member"})
    assert answer.status_code == status
    assert not changed(before, snapshot())
    assert AuditEvent.objects.get(outcome="refused").status == status


def test_broken_forms_say_what_is_missing(cast: World, browser_of: Browser) -> None:
    browser = browser_of("org_admin")
    for sent in (
        {"team": ""},
        {"team": str(cast.team.pk), "level": "chosen"},
        {"team": str(cast.there.team.pk), "level": "member"},
        {"team": str(cast.team.pk), "level": "member", "expires_at": "2000-01-01 00:00"},
    ):
        assert browser.post(at(cast, "share-new"), sent).status_code == 422, sent
    assert not held(cast)


def test_beyond_what_a_list_can_hold_a_team_is_named(
    cast: World, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "OFFERED", 1)
    browser = browser_of("org_admin")
    assert 'list="team-suggested"' in browser.get(at(cast, "share-new")).text
    assert browser.post(at(cast, "share-new"), {"team": "nobody of that name", "level": "member"}).status_code == 422
    assert browser.post(at(cast, "share-new"), {"team": cast.team.alias.upper(), "level": "member"}).status_code == 302
    assert held(cast) == MEMBER


def test_who_sees_a_project_through_a_team_is_not_told_how_many_belong_to_it(cast: World, browser_of: Browser) -> None:
    cast.project.memberships.filter(user=cast.member).delete()
    grants.set_for(cast.project, cast.team.group, MEMBER)
    tabs = {str(tab["label"]): tab for tab in browser_of("member").get(at(cast, "detail")).context["tabs"]}
    assert tabs["Members"]["count"] is None
    assert "not shown to you" in browser_of("member").get(reverse("project-list")).text
    tabs = {str(tab["label"]): tab for tab in browser_of("org_admin").get(at(cast, "detail")).context["tabs"]}
    assert tabs["Members"]["count"] == cast.project.memberships.count()


def test_a_team_and_an_organization_are_shared_the_same_way(cast: World, browser_of: Browser) -> None:
    browser = browser_of("org_admin")
    for kind, scope in (("team", cast.other_team), ("organization", cast.organization)):
        new = reverse(f"{kind}-share-new", args=[scope.pk])
        sent = {"team": str(cast.team.pk), "level": "chosen", "actions": ["view_spend"]}
        assert browser.post(new, sent).status_code == 302, kind
        assert Action.VIEW_SPEND in grants.on(scope, cast.team.group)
        assert "Shared with" in browser.get(reverse(f"{kind}-detail", args=[scope.pk])).text
    alone = TeamFactory(organization=None)
    assert "Shared with" not in browser_of("proxy_admin").get(reverse("team-detail", args=[alone.pk])).text


@pytest.mark.sqlite
@pytest.mark.parametrize("kind", ["organization", "project"])
def test_what_ends_is_told_in_as_many_queries_for_30_people(cast: World, browser_of: Browser, kind: str) -> None:
    scope, borrower = getattr(cast, kind), TeamFactory(organization=cast.organization)
    share_scope(cast.actor("org_admin"), scope, team=borrower, actions=GRANTABLE[kind])
    join(cast.reader, borrower, "user")
    url, browser = reverse(f"{kind}-share-end", args=[scope.pk, borrower.pk]), browser_of("org_admin")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert "lose" in browser.get(url).text
        return len(queries)

    cost()  # what is read once a process
    few = cost()
    for _ in range(30):
        join(UserFactory(), borrower, "user")
    assert cost() == few < 60, few


PEOPLE = ("team_admin", "member", "granted", "org_admin", "reader", "project_owner", "outsider", "auditor", "loner")
KINDS = st.sampled_from(["organization", "project", "other_team"])


@pytest.mark.sqlite  # that `visible` says the same on PostgreSQL is shown in tests/policy
@settings(max_examples=12)
@given(name=KINDS, before=st.integers(0), after=st.integers(0), ended=st.booleans())
def test_who_gains_and_loses_is_the_difference_of_visible(
    cast: World, name: str, before: int, after: int, ended: bool
) -> None:
    """For every action that can be given, over generated shares: given, changed and taken back."""
    scope = getattr(cast, name)
    root, every = cast.actor("proxy_admin"), GRANTABLE[scope.kind]
    old, new = ([action for bit, action in enumerate(every) if number >> bit & 1] for number in (before, after))

    def seen() -> dict[str, set[Action]]:
        found = {person: cast.actor(person) for person in PEOPLE}
        rows = type(scope).objects.filter(pk=scope.pk)
        return {
            person: {action for action in every if policy.visible(actor, action, rows).exists()}
            for person, actor in found.items()
        }

    with undone():
        if old:
            share_scope(root, scope, team=cast.team, actions=old)

        def change() -> Any:
            if old and (ended or not new):
                return unshare_scope(root, scope, team=cast.team)
            return share_scope(root, scope, team=cast.team, actions=new or [type(scope).view_action])

        rows, was = snapshot(), seen()
        told = granting(root, scope, change, every)
        assert not changed(rows, snapshot())
        change()
        now = seen()
    for person in PEOPLE:
        label = getattr(cast, person).label
        for parts, expected in ((told.gained, now[person] - was[person]), (told.lost, was[person] - now[person])):
            assert {one.action for one in parts if label in one.names} == expected, person
