"""One thing done to all rows that match: asked about, done in parts, and still there after the page was closed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from dashboard import batches
from keys.models import Key
from orgs.models import Organization
from rbacadmin.models import AuditEvent
from teams.models import Team
from tests.factories import KeyFactory
from tests.matrix.managed import changed, snapshot
from tests.world import World

Browser = Callable[[str], Client]
AT = "/ui/bulk/keys/"


@pytest.fixture
def many(cast: World, monkeypatch: pytest.MonkeyPatch) -> list[Key]:
    """Five keys of the member in the team, found by their name; a part is two."""
    monkeypatch.setattr(batches, "AT_ONCE", 2)
    return [
        KeyFactory(user=cast.member, team=cast.team, organization=cast.organization, alias=f"old {number}")
        for number in range(5)
    ]


def blocked(keys: list[Key]) -> int:
    return Key.objects.filter(pk__in=[key.pk for key in keys]).exclude(blocked_by="").count()


def told(answer: Any) -> tuple[int, int]:
    return answer.context["ready"], answer.context["total"]


def test_all_that_match_are_done_in_parts(cast: World, browser_of: Browser, many: list[Key]) -> None:
    browser, sent, before = browser_of("team_admin"), {"all": "1", "verb": "block"}, snapshot()
    asked = browser.post("/ui/keys/bulk/?q=old", sent)
    assert asked.context["question"].typed == "5"
    assert browser.post("/ui/keys/bulk/?q=old", {**sent, "typed": "4"}).status_code == 422
    assert not changed(before, snapshot())
    assert browser.post("/ui/keys/bulk/?q=old", {**sent, "typed": "5"})["Location"] == AT
    assert told(browser.get(AT)) == (0, 5)
    browser.post(AT)
    assert (blocked(many), told(browser.get(AT))) == (2, (2, 5)), "a reload does nothing more"
    assert told(browser.get(AT)) == (2, 5)
    browser.post(AT)
    browser.post(AT)
    done = browser.get(AT)
    assert (blocked(many), told(done), done.context["refused"]) == (5, (5, 5), 0)
    assert AuditEvent.objects.filter(event="key.blocked", outcome="done").count() == 5
    browser.post(AT)
    assert told(browser.get(AT)) == (5, 5)
    assert browser.post(AT, {"stop": "1"})["Location"] == "/ui/keys/"
    assert told(browser.get(AT)) == (0, 0)
    assert not Key.objects.get(pk=cast.here.keys["colleague_team"].pk).blocked_by


def test_what_one_may_not_do_is_said_row_by_row(cast: World, browser_of: Browser, many: list[Key]) -> None:
    """Who sees more rows than they may change: each refused row says so, and the others are done."""
    browser = browser_of("granted")
    count = browser.post("/ui/keys/bulk/", {"all": "1", "verb": "delete"}).context["question"].typed
    browser.post("/ui/keys/bulk/", {"all": "1", "verb": "delete", "typed": count})
    while browser.get(AT).context["known"]["left"]:
        browser.post(AT)
    outcomes = {one["label"]: one for one in browser.get(AT).context["outcomes"]}
    assert outcomes["granted_colleague-team"]["done"]
    assert all(one["text"] for one in outcomes.values() if not one["done"])
    assert not Key.objects.filter(pk=cast.here.keys["granted_colleague_team"].pk).exists()


def test_too_many_or_none_are_refused(cast: World, browser_of: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MOST", 3)
    browser = browser_of("org_admin")
    assert browser.post("/ui/keys/bulk/", {"all": "1", "verb": "block"}).status_code == 400
    assert browser.post("/ui/keys/bulk/?q=nothing-like-it", {"all": "1", "verb": "block"}).status_code == 400
    assert browser.post("/ui/keys/bulk/?q=member", {"all": "1", "verb": "mistake"}).status_code == 400
    assert browser.get("/ui/bulk/nothing/").status_code == 404


def test_teams_and_people_too(cast: World, browser_of: Browser) -> None:
    browser, root = browser_of("org_admin"), browser_of("proxy_admin")
    browser.post("/ui/teams/bulk/?q=acme", {"all": "1", "verb": "block", "typed": "3"})
    browser.post("/ui/bulk/teams/")
    assert Team.objects.filter(alias__startswith="acme").exclude(blocked_by="").count() == 3
    root.post("/ui/people/bulk/?q=colleague@acme", {"all": "1", "verb": "block", "typed": "3"})
    assert told(root.post("/ui/bulk/people/", follow=True)) == (3, 3)
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
    root.post("/ui/organizations/bulk/?q=globex", {"all": "1", "verb": "delete", "typed": "1"})
    assert told(root.post("/ui/bulk/organizations/", follow=True)) == (1, 1)
    assert not Organization.objects.filter(alias="globex").exists()
    refused = browser.post("/ui/organizations/bulk/", {"verb": "block", "row": [str(cast.organization.pk)]})
    assert not refused.context["outcomes"][0].done
