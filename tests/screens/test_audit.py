"""The audit log on screen: each person's slice of it, its filters, and taking it home."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dashboard.attempts import attempt
from rbacadmin import audit
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Actor
from tests.world import World

Browser = Callable[[str], Client]


@pytest.fixture
def recorded(cast: World) -> World:
    """An event in a team and a project of each organization, one of the member's own, and a refused one."""
    for name, side in (("here", cast.here), ("there", cast.there)):
        for place in ("team", "project"):
            scope = getattr(side, place)
            changed = {"changed": {"max_budget": [10**9, 2 * 10**9]}}
            audit.write(Actor.master(), f"test.{name}_{place}", scope, audit.scope_ids(scope), details=changed)
    member = Actor.for_user(cast.member)
    audit.write(member, "key.generate", cast.team, audit.scope_ids(cast.team), outcome="refused", status=403)
    return cast


def shown(browser: Client, **query: str) -> set[str]:
    events = {told.event.event for told in browser.get("/ui/audit/", query).context["page"].items}
    return events - {"session.started"}


def test_each_person_sees_their_slice(recorded: World, browser_of: Browser) -> None:
    assert shown(browser_of("member")) == {"key.generate"}
    assert shown(browser_of("team_admin")) == {"key.generate", "test.here_team"}
    assert shown(browser_of("org_admin")) == {"key.generate", "test.here_team", "test.here_project"}
    assert {"test.here_team", "test.there_project"} <= shown(browser_of("auditor"))
    assert shown(browser_of("loner")) == set()


def test_before_and_after_are_shown_in_words(recorded: World, browser_of: Browser) -> None:
    page = browser_of("team_admin").get("/ui/audit/", {"q": "here_team"}).content.decode()
    assert "<del>$1" in page
    assert "<ins>$2" in page
    assert "by <bdi>the master key</bdi>" in page


def test_what_was_refused_is_told_in_words(recorded: World, browser_of: Browser) -> None:
    assert "Refused: make a key" in browser_of("team_admin").get("/ui/audit/").text
    assert attempt("team.set_member_permissions") == "change what members of a team may do with keys"
    assert attempt("user.remove_factors") == "take away the second factor of a person"
    assert attempt("thing.turn_around") == "turn around: thing", "a name is better than nothing"


def test_the_filters_narrow(recorded: World, browser_of: Browser) -> None:
    browser = browser_of("org_admin")
    assert shown(browser, scope=f"team:{recorded.team.pk}") == {"key.generate", "test.here_team"}
    assert shown(browser, outcome="refused") == {"key.generate"}
    assert shown(browser, did="created") == {"key.generate"}
    assert shown(browser, by=recorded.member.email) == {"key.generate"}
    assert shown(browser, by=recorded.stranger.email) == set()
    today = timezone.now().date().isoformat()
    assert len(shown(browser, **{"from": today, "to": today})) == 3
    assert shown(browser, to="2001-01-01") == set()
    assert len(shown(browser, **{"from": "nonsense", "to": "9999-12-31"})) == 3


def test_the_log_of_a_scope_out_of_sight_is_not_there(recorded: World, browser_of: Browser) -> None:
    for ident in (recorded.there.team.pk, "00000000-0000-4000-8000-00000000dead", "x"):
        assert browser_of("org_admin").get(f"/ui/audit/?scope=team:{ident}").status_code == 404
    assert browser_of("member").get(f"/ui/audit/?scope=team:{recorded.team.pk}").status_code == 403


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_an_export_holds_the_slice_and_goes_on_record(recorded: World, browser_of: Browser, form: str) -> None:
    answer: Any = browser_of("org_admin").get("/ui/audit/export/", {"format": form, "did": "updated"})
    text = b"".join(answer.streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(text))) if form == "csv" else [*map(json.loads, text.splitlines())]
    assert {row["what"] for row in rows} == {"test.here_team", "test.here_project"}
    event = AuditEvent.objects.get(event="audit.exported")
    assert (event.actor_user_id, event.details) == (recorded.org_admin.pk, {"filters": {"did": "updated"}})


def test_who_only_looks_after_a_team_takes_nothing_home(recorded: World, browser_of: Browser) -> None:
    assert browser_of("team_admin").get("/ui/audit/export/").status_code == 403
    assert "audit/export" not in browser_of("team_admin").get("/ui/audit/").content.decode()


@pytest.mark.parametrize(("page", "title"), [("audit-log", "Audit log"), ("refused-calls", "Refused calls")])
def test_the_log_is_a_list_like_every_other(cast: World, browser_of: Browser, page: str, title: str) -> None:
    answer = browser_of("proxy_admin").get(reverse(page))
    assert "ui/list.html" in {template.name for template in answer.templates}
    assert f"<h1>{title}</h1>" in answer.text
    assert 'id="export"' in answer.text
