"""One thing done to all rows that match: asked about, done in parts, and still there after the page was closed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from dashboard import batches
from dashboard.tasks import going_on
from keys.models import Key
from orgs.models import Organization
from rbacadmin.models import AuditEvent
from teams.models import Team
from tests.factories import KeyFactory
from tests.matrix.managed import changed, snapshot
from tests.world import World

Browser = Callable[[str], Client]


@pytest.fixture
def many(cast: World, monkeypatch: pytest.MonkeyPatch) -> list[Key]:
    """Five keys of the member in the team, found by their name; a part is two."""
    monkeypatch.setattr(batches, "AT_ONCE", 2)
    monkeypatch.setattr(going_on, "SECONDS", 0)
    return [
        KeyFactory(user=cast.member, team=cast.team, organization=cast.organization, alias=f"old {number}")
        for number in range(5)
    ]


def blocked(keys: list[Key]) -> int:
    return Key.objects.filter(pk__in=[key.pk for key in keys]).exclude(blocked_by="").count()


def told(answer: Any) -> tuple[int, int]:
    task = answer.context["task"]
    return task.done, task.total


def test_all_that_match_are_done_in_parts(cast: World, browser_of: Browser, many: list[Key]) -> None:
    browser, sent, before = browser_of("team_admin"), {"all": "1", "verb": "block"}, snapshot()
    asked = browser.post("/ui/keys/bulk/?q=old", sent)
    assert asked.context["question"].typed == "5"
    assert browser.post("/ui/keys/bulk/?q=old", {**sent, "typed": "4"}).status_code == 422
    assert not changed(before, snapshot())
    at = browser.post("/ui/keys/bulk/?q=old", {**sent, "typed": "5"})["Location"]
    assert told(browser.get(at)) == (0, 5)
    browser.post(at)
    assert (blocked(many), told(browser.get(at))) == (2, (2, 5)), "a reload does nothing more"
    browser.post(at)
    browser.post(at)
    done = browser.get(at)
    assert (blocked(many), told(done), done.context["task"].refused) == (5, (5, 5), 0)
    assert AuditEvent.objects.filter(event="key.blocked", outcome="done").count() == 5
    browser.post(at)
    assert told(browser.get(at)) == (5, 5)
    assert browser.post(at, {"stop": "1"})["Location"] == "/ui/keys/"
    assert browser.get(at).status_code == 404
    assert not Key.objects.get(pk=cast.here.keys["colleague_team"].pk).blocked_by


def test_what_one_may_not_do_is_said_row_by_row(cast: World, browser_of: Browser, many: list[Key]) -> None:
    """Who sees more rows than they may change: each refused row says so, and the others are done."""
    browser = browser_of("member")
    count = browser.post("/ui/keys/bulk/", {"all": "1", "verb": "delete"}).context["question"].typed
    at = browser.post("/ui/keys/bulk/", {"all": "1", "verb": "delete", "typed": count})["Location"]
    while not browser.get(at).context["task"].finished_at:
        browser.post(at)
    outcomes = browser.get(at).context["outcomes"]
    refused = sorted(one["text"] for one in outcomes if one["state"] == "wrong")
    assert len(refused) == 6
    for text, kept in zip(refused, [cast.here.keys["member_team"], *many], strict=True):
        assert text.startswith("You may not delete keys.")
        assert "It takes: Team admin, Organization admin, Platform admin." in text, "roles by their names"
        assert kept.label in {one["label"] for one in outcomes if one["state"] == "wrong"}
        assert Key.objects.filter(pk=kept.pk).exists()
    assert "member-personal" in {one["label"] for one in outcomes if one["state"] == "done"}
    assert not Key.objects.filter(pk=cast.here.keys["member_personal"].pk).exists()


def test_too_many_or_none_are_refused(cast: World, browser_of: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MOST", 3)
    browser = browser_of("org_admin")
    assert browser.post("/ui/keys/bulk/", {"all": "1", "verb": "block"}).status_code == 400
    assert browser.post("/ui/keys/bulk/?q=nothing-like-it", {"all": "1", "verb": "block"}).status_code == 400
    assert browser.post("/ui/keys/bulk/?q=member", {"all": "1", "verb": "mistake"}).status_code == 400


def test_teams_and_people_too(cast: World, browser_of: Browser) -> None:
    browser, root = browser_of("org_admin"), browser_of("proxy_admin")
    browser.post(browser.post("/ui/teams/bulk/?q=acme", {"all": "1", "verb": "block", "typed": "3"})["Location"])
    assert Team.objects.filter(alias__startswith="acme").exclude(blocked_by="").count() == 3
    at = root.post("/ui/people/bulk/?q=colleague@acme", {"all": "1", "verb": "block", "typed": "3"})["Location"]
    assert told(root.post(at, follow=True)) == (3, 3)
    cast.colleague.refresh_from_db()
    assert cast.colleague.blocked_by


def test_a_list_of_several_pages_offers_it(cast: World, browser_of: Browser) -> None:
    assert "that match" not in browser_of("team_admin").get("/ui/keys/").content.decode()
    for number in range(55):
        KeyFactory(user=cast.member, team=cast.team, organization=cast.organization, alias=f"more {number}")
    page = browser_of("team_admin").get("/ui/keys/?q=more")
    assert "all 55 that match" in page.content.decode()
    assert 'action="/ui/keys/bulk/?q=more"' in page.content.decode()


def test_projects_and_organizations_too(cast: World, browser_of: Browser) -> None:
    browser, root = browser_of("org_admin"), browser_of("proxy_admin")
    assert 'name="row"' in browser.get("/ui/projects/").content.decode()
    assert 'name="row"' not in browser.get("/ui/organizations/").content.decode(), "nothing that they may do to several"
    answer = browser.post(
        "/ui/projects/bulk/", {"verb": "block", "row": [str(cast.project.pk), str(cast.there.project.pk)]}
    )
    assert [one.done for one in answer.context["outcomes"]] == [True, False]
    assert 'name="row"' in root.get("/ui/organizations/").content.decode()
    at = root.post("/ui/organizations/bulk/?q=globex", {"all": "1", "verb": "delete", "typed": "1"})["Location"]
    assert told(root.post(at, follow=True)) == (1, 1)
    assert not Organization.objects.filter(alias="globex").exists()
    refused = browser.post("/ui/organizations/bulk/", {"verb": "block", "row": [str(cast.organization.pk)]})
    assert not refused.context["outcomes"][0].done


def test_all_that_match_get_the_same_limits(cast: World, browser_of: Browser) -> None:
    """Asked first with the form, refused with its error, then done by the service, each by themselves."""
    root, sent = browser_of("proxy_admin"), {"all": "1", "verb": "change", "asked": "1"}
    asked = root.post("/ui/people/bulk/?q=colleague@acme", {"all": "1", "verb": "change"})
    assert {"max_budget", "rpm_limit"} <= set(asked.context["form"].fields)
    wrong = root.post("/ui/people/bulk/?q=colleague@acme", {**sent, "typed": "3", "rpm_limit": "-1"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["rpm_limit"])
    at = root.post("/ui/people/bulk/?q=colleague@acme", {**sent, "typed": "3", "max_budget": "7", "rpm_limit": "9"})
    assert told(root.post(at["Location"], follow=True)) == (3, 3)
    cast.colleague.refresh_from_db()
    assert (cast.colleague.max_budget, cast.colleague.rpm_limit) == (7 * 10**9, 9)


def test_members_leave_together_but_not_the_last_who_leads(cast: World, browser_of: Browser) -> None:
    """The project has one owner, who cannot leave its members alone; that stops nobody else."""
    rows = list(cast.project.memberships.order_by("-role"))
    at, browser = f"/ui/projects/{cast.project.pk}/members/bulk/", browser_of("project_owner")
    assert f'action="{at}?"' in browser.get(f"/ui/projects/{cast.project.pk}/members/").content.decode()
    sent = {"verb": "remove", "row": [str(row.pk) for row in rows], "asked": "1", "typed": str(len(rows))}
    before = snapshot()
    assert browser.post(at, {"verb": "remove", "row": sent["row"]}).status_code == 200, "a question"
    for name, status in (("project_member", 403), ("auditor", 403), ("stranger", 404)):
        assert browser_of(name).post(at, sent).status_code == status
    foreign = browser.post(at, {**sent, "row": [str(cast.there.project.memberships.first().pk)], "typed": "1"})
    assert [one.done for one in foreign.context["outcomes"]] == [False]
    assert not changed(before, snapshot())
    outcomes = browser.post(at, sent).context["outcomes"]
    assert [one.done for one in outcomes] == [row.role != "owner" for row in rows]
    assert [row.role for row in cast.project.memberships.all()] == ["owner"]
    assert browser.post(f"{at}?q=nobody-like-it", {"verb": "remove", "all": "1"}).status_code == 400


def test_all_members_who_match_leave_as_long_work(cast: World, browser_of: Browser) -> None:
    browser, at = browser_of("team_admin"), f"/ui/teams/{cast.team.pk}/members/bulk/?q=member@"
    work = browser.post(at, {"verb": "remove", "all": "1", "typed": "1"})["Location"]
    assert told(browser.post(work, follow=True)) == (1, 1)
    assert not cast.member.memberships.filter(team=cast.team).exists()
    again = browser.post(at.replace("member@", "colleague@"), {"verb": "remove", "all": "1", "typed": "1"})["Location"]
    cast.team_admin.memberships.filter(team=cast.team).update(role="user")
    assert browser.post(again).status_code == 403
    assert cast.colleague.memberships.filter(team=cast.team).exists()
