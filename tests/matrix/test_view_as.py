"""VAS-01: seeing the dashboard as another person. No call with a key, so it has a file of its own."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from rbacadmin.models import AuditEvent
from rbacadmin.policy.matrix import PERSONAS, table
from tests.matrix.managed import changed, snapshot
from tests.world import PERSONAS as CAST
from tests.world import World

Browser = Callable[[str], Client]


@pytest.mark.parametrize("persona", PERSONAS)
def test_cell(cast: World, browser_of: Browser, persona: str) -> None:
    name = CAST[persona]
    browser, before = browser_of(name) if name else Client(), snapshot()
    answer = browser.post("/ui/view-as/", {"person": cast.member.email})
    allowed = table()["VAS-01"].cells[persona] == "allow"
    assert answer.status_code == (302 if allowed or name is None else 403)
    assert ("view_as" in browser.session) == allowed
    assert not changed(before, snapshot())
    events = AuditEvent.objects.filter(event="session.view_as_started")
    assert events.count() == (1 if allowed else 0)


@pytest.fixture
def looking(cast: World, browser_of: Browser) -> Client:
    """A platform admin who looks as a member."""
    browser = browser_of("proxy_admin")
    browser.post("/ui/view-as/", {"person": cast.member.email})
    return browser


def test_they_see_what_the_person_sees(cast: World, browser_of: Browser, looking: Client) -> None:
    for path in ("/ui/keys/", "/ui/teams/", "/ui/organizations/"):
        mine, theirs = looking.get(path), browser_of("member").get(path)
        assert [row.pk for row in mine.context["page"].items] == [row.pk for row in theirs.context["page"].items]
    page = looking.get(reverse("team-detail", args=[cast.team.pk])).content.decode()
    assert f"You see the dashboard as <bdi>{cast.member.label}</bdi>" in page
    assert looking.get(reverse("team-detail", args=[cast.other_team.pk])).status_code == 404


def test_nothing_can_be_written(cast: World, looking: Client) -> None:
    before = snapshot()
    key = cast.here.keys["member_personal"]
    for path, sent in (
        (reverse("key-block", args=[key.pk]), {}),
        (reverse("key-delete", args=[key.pk]), {"typed": key.label}),
        ("/ui/keys/new/", {"owner": "me", "alias": "as them"}),
        ("/ui/view-as/", {"person": cast.org_admin.email}),
        ("/accounts/password/set/", {"password1": "x", "password2": "x"}),
    ):
        assert looking.post(path, sent).status_code == 403, path
    assert not changed(before, snapshot())


def test_it_ends_and_is_on_record(cast: World, looking: Client) -> None:
    assert looking.post("/ui/view-as/stop/").status_code == 302
    assert "view_as" not in looking.session
    events = AuditEvent.objects.filter(event__startswith="session.view_as").order_by("created_at")
    assert [(event.event, event.actor_user_id, event.object_id) for event in events] == [
        ("session.view_as_started", cast.proxy_admin.pk, str(cast.member.pk)),
        ("session.view_as_ended", cast.proxy_admin.pk, str(cast.member.pk)),
    ]


def test_it_ends_with_the_right_to_look(cast: World, looking: Client) -> None:
    cast.proxy_admin.platform_role = "internal_user"
    cast.proxy_admin.save()
    assert "You see the dashboard as" not in looking.get("/ui/").content.decode()


def test_nobody_of_that_name(cast: World, browser_of: Browser) -> None:
    answer: Any = browser_of("proxy_admin").post("/ui/view-as/", {"person": "nobody@example.com"})
    assert answer.status_code == 422
    assert "Nobody has this e-mail or id." in answer.content.decode()


def test_home_greets_the_person_who_is_looked_at(cast: World, looking: Client) -> None:
    page: Any = looking.get("/ui/")
    assert page.context["person"] == cast.member
    assert f"Welcome, {cast.member.name or cast.member.email}" in page.text
