"""Bringing people in from a file: looked at first, nothing written; then done, a part at a time."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dashboard.imports import running
from dashboard.tasks import going_on
from rbacadmin.models import AuditEvent, Change
from teams.models import Invitation, Membership, User
from tests.world import World

Browser = Callable[[str], Client]


def url(world: World, verb: str = "") -> str:
    return reverse(f"organization-import{verb}", args=[world.organization.pk])


def send(browser: Client, world: World, text: str | bytes) -> Any:
    content = text.encode() if isinstance(text, str) else text
    return browser.post(url(world), {"people": SimpleUploadedFile("people.csv", content, "text/csv")}, follow=True)


def states(answer: Any) -> dict[str, str]:
    return {outcome["label"]: outcome["state"] for outcome in answer.context["outcomes"]}


def written() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (User, Membership, Invitation, AuditEvent, Change))


FILE = """email,role,team,team_role,budget_usd
ada@example.com,owner,acme core,admin,25
reader@acme.example.com,,ACME Core,,
colleague@acme.example.com,member,,,
no address,,,,
bob@example.com,emperor,,,
eve@example.com,,globex core,,
max@example.com,,,,99999
zoe@example.com,,,admin,
kim@example.com,,,,nan
"""
EXPECTED = {
    "ada@example.com": "new",
    "reader@acme.example.com": "new",
    "colleague@acme.example.com": "kept",
    "no address": "wrong",
    "bob@example.com": "wrong",
    "eve@example.com": "wrong",
    "max@example.com": "wrong",
    "zoe@example.com": "wrong",
    "kim@example.com": "wrong",
}


def test_the_preview_says_what_would_happen_and_writes_nothing(cast: World, browser_of: Browser) -> None:
    browser = browser_of("org_admin")
    before = written()
    answer = send(browser, cast, FILE)
    assert states(answer) == EXPECTED
    assert "Joins acme core as Team admin." in answer.content.decode()
    assert "globex" not in answer.context["outcomes"][5]["text"].replace("globex core", "")
    assert states(browser.get(answer.request["PATH_INFO"])) == EXPECTED, "it survives a reload"
    assert b"Bring people into acme" in browser.get("/ui/tasks/").content
    assert written() == before


def test_what_is_done_is_what_was_shown(cast: World, browser_of: Browser) -> None:
    browser = browser_of("org_admin")
    at = send(browser, cast, FILE).request["PATH_INFO"]
    assert states(browser.post(at, follow=True)) == EXPECTED
    assert not Membership.objects.filter(user__email="ada@example.com").exists(), "a click too many begins nothing"
    answer = browser.post(at, {"begin": "1"}, follow=True)
    assert states(answer) == EXPECTED
    assert answer.context["task"].finished_at
    ada = Membership.objects.get(user__email="ada@example.com", team=None)
    assert (ada.role, ada.max_budget) == ("org_admin", 25 * 10**9)
    assert Membership.objects.filter(user=cast.reader, team=cast.team, role="user").exists()
    assert not User.objects.filter(email__in=["bob@example.com", "eve@example.com", "max@example.com"]).exists()
    browser.post(at)
    assert Membership.objects.filter(user__email="ada@example.com").count() == 2, "a second click does nothing"
    assert browser.post(at, {"stop": "1"}, follow=True).status_code == 200
    assert browser.get(at).status_code == 404


def test_a_long_file_goes_on_where_it_was(cast: World, browser_of: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 2)
    monkeypatch.setattr(going_on, "SECONDS", 0)
    browser = browser_of("org_admin")
    sent = send(browser, cast, "email\n" + "".join(f"p{number}@example.com\n" for number in (0, 1, 2, 3, 0)))
    at = sent.request["PATH_INFO"]
    assert (len(sent.context["outcomes"]), sent.context["waits"]) == (2, False), "the first part is looked at"
    for looked_at in (4, 5):
        looked = browser.post(at, {"begin": "1"}, follow=True)
        assert (len(looked.context["outcomes"]), looked.context["task"].done) == (looked_at, 0)
    assert [one["state"] for one in looked.context["outcomes"]] == ["new"] * 4 + ["kept"], "somebody twice is one"
    for ready in (2, 4, 5):
        answer = browser.post(at, {"begin": "1"}, follow=True)
        task = answer.context["task"]
        assert (task.done, bool(task.finished_at)) == (ready, ready == 5)
    assert answer.context["outcomes"] == looked.context["outcomes"]
    assert User.objects.filter(email__regex=r"^p\d@example.com$").count() == 4


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "empty"),
        (b"\xff\xfe\x00", "UTF-8"),
        ("email\n", "Between 1 and 500"),
        ("email,colour\na@example.com,red\n", "colour"),
        ("role\nmember\n", "email"),
        ("email,email\na,b\n", "each once"),
        ("email\na@example.com,b\n", "Line 2"),
        ("email\n" + "a" * 400 + "\n", "too long"),
        ("email\n" + "a@example.com\n" * 501, "Between 1 and 500"),
        ("email\n" + "a@example.com\n" * 30_000, "larger than"),
        ('email\n"a', "comma-separated"),
        ("email\n\0\n", "not a text"),
    ],
)
def test_what_is_no_such_file_is_said_next_to_the_field(
    cast: World, browser_of: Browser, content: str | bytes, problem: str
) -> None:
    answer = send(browser_of("org_admin"), cast, content)
    assert answer.status_code == 422
    assert problem in " ".join(answer.context["form"].errors["people"])


@pytest.mark.parametrize(
    "text", ["E-Mail;Role\nada@example.com;owner\n", "\ufeffemail\trole\nada@example.com\towner\n"]
)
def test_what_spreadsheets_write_is_read(cast: World, browser_of: Browser, text: str) -> None:
    answer = send(browser_of("org_admin"), cast, text)
    assert answer.context["outcomes"][0]["text"] == "Joins acme as Organization admin."


def test_the_answer_is_the_same_whether_the_address_exists_elsewhere(cast: World, browser_of: Browser) -> None:
    answer = send(browser_of("org_admin"), cast, f"email\n{cast.there.member.email}\nnobody@example.com\n")
    one, other = answer.context["outcomes"]
    assert (one["state"], one["text"]) == (other["state"], other["text"])


def test_a_name_with_markup_is_shown_harmlessly(cast: World, browser_of: Browser) -> None:
    answer = send(browser_of("org_admin"), cast, "email\n<script>alert(1)</script>\n")
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("name", ["member", "reader", "auditor", "team_admin"])
def test_others_bring_in_nobody(cast: World, browser_of: Browser, name: str) -> None:
    browser = browser_of(name)
    assert send(browser, cast, "email\nada@example.com\n").status_code == 403
    assert url(cast) not in browser.get(reverse("organization-members", args=[cast.organization.pk])).content.decode()


def test_who_no_longer_may_brings_in_nobody_more(cast: World, browser_of: Browser) -> None:
    browser = browser_of("org_admin")
    at = send(browser, cast, FILE).request["PATH_INFO"]
    Membership.objects.filter(user=cast.org_admin, team=None, project=None).update(role="internal_user")
    assert browser.post(at, {"begin": "1"}).status_code == 403
    assert not User.objects.filter(email="ada@example.com").exists()


def test_the_file_to_fill_in_is_read_as_it_stands(cast: World, browser_of: Browser) -> None:
    browser = browser_of("org_admin")
    content = b"".join(browser.get(url(cast, "-template")).streaming_content)
    assert next(csv.reader(io.StringIO(content.decode())))[0] == "email"
    assert states(send(browser, cast, content)) == {"ada@example.com": "new"}


def test_an_id_that_is_no_address_is_free_for_platform_admins_and_the_preview_says_what_it_means(
    cast: World, browser_of: Browser
) -> None:
    """Rulebook 8: ids are text; a column of people's names by mistake is noticed before anybody is made."""
    file = "email,role\nAda Lovelace,member\ngrace@example.com,member\n"
    ada, grace = send(browser_of("proxy_admin"), cast, file).context["outcomes"]
    assert (ada["state"], grace["state"]) == ("new", "new")
    assert "“Ada Lovelace” is no e-mail address" in ada["text"]
    assert "no e-mail address" not in grace["text"]
    assert send(browser_of("org_admin"), cast, file).context["outcomes"][0]["state"] == "wrong"
