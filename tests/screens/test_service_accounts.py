"""The service accounts of a project: listed with their keys, made, given more keys, renamed and ended."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from keys.models import Key
from rbacadmin.models import Archived, AuditEvent
from teams.models import User
from tests.factories import service_key
from tests.world import World

pytestmark = pytest.mark.sqlite
Browser = Callable[[str], Client]


def url(name: str, *parts: Any) -> str:
    return reverse(f"project-service-account{name}", args=[getattr(part, "pk", part) for part in parts])


def made(browser: Client, cast: World, **fields: str) -> Any:
    return browser.post(url("-new", cast.project), {"alias": "indexer", "expires": "30", **fields})


def secret_in(answer: Any) -> str:
    assert answer.status_code == 200, answer.content
    assert "no-store" in answer["Cache-Control"]
    return str(answer.context["secret"])


def test_an_owner_makes_one_and_its_secret_is_shown_once(cast: World, browser_of: Browser) -> None:
    browser = browser_of("project_owner")
    answer = made(browser, cast, models="gpt-4o", rpm_limit="5")
    secret, key = secret_in(answer), Key.objects.get(alias="indexer")
    assert (key.user.kind, key.user.name, key.project, key.kind) == ("service", "indexer", cast.project, "service")
    assert (key.rpm_limit, key.models, key.expires_at is not None) == (5, ["gpt-4o"], True)
    assert Key.objects.filter(Key.named(secret)).get() == key
    assert url("s", cast.project) in answer.text, "one goes back to where it stands"
    page = browser.get(url("s", cast.project))
    assert "indexer" in page.text
    assert secret not in page.text
    assert made(browser, cast).status_code == 422, "a name is taken once"
    assert Key.objects.filter(alias="indexer").count() == 1


def test_keys_of_one_account_stand_together_the_oldest_first(cast: World, browser_of: Browser) -> None:
    browser = browser_of("project_owner")
    made(browser, cast)
    account = User.objects.get(kind="service", name="indexer")
    second = browser.post(url("-key-new", cast.project, account), {"alias": "next", "expires": ""})
    assert secret_in(second) not in browser.get(url("s", cast.project)).text
    shown = browser.get(url("s", cast.project)).context
    found = {one.label: [key.alias for key in one.keys] for one in shown["accounts"]}
    assert found["indexer"] == ["indexer", "next"]
    assert len(found) == 2
    assert {tab["label"]: tab["count"] for tab in shown["tabs"]}["Service accounts"] == 2, "accounts, not keys"
    searched = browser.get(url("s", cast.project), {"q": "index"}).context["accounts"]
    assert [one.label for one in searched] == ["indexer"]
    exported = b"".join(browser.get(url("s", cast.project), {"format": "csv"}).streaming_content).decode()
    assert exported.count("indexer") == 3, "two keys of it, one of its name"


def test_it_is_renamed_and_its_keys_go_on(cast: World, browser_of: Browser) -> None:
    key = cast.keys["project_service"]
    browser = browser_of("project_owner")
    assert browser.post(url("-rename", cast.project, key.user), {"name": " "}).status_code == 422
    answer = browser.post(url("-rename", cast.project, key.user), {"name": "crawler"})
    assert answer["Location"] == url("s", cast.project)
    key.user.refresh_from_db()
    assert key.user.name == "crawler"
    assert Key.objects.filter(pk=key.pk).exists()
    assert AuditEvent.objects.filter(event="user.updated", object_id=str(key.user.pk)).exists()


def test_it_goes_with_all_of_its_keys_when_its_name_was_typed(cast: World, browser_of: Browser) -> None:
    browser = browser_of("project_owner")
    made(browser, cast)
    account = User.objects.get(kind="service", name="indexer")
    browser.post(url("-key-new", cast.project, account), {"alias": "next"})
    address = url("-delete", cast.project, account)
    assert "All of its 2 keys stop working" in browser.get(address).text
    assert browser.post(address, {"typed": "index"}).status_code == 422
    assert Key.objects.filter(user=account).count() == 2
    assert browser.post(address, {"typed": "indexer"})["Location"] == url("s", cast.project)
    assert not Key.objects.filter(alias__in=["indexer", "next"]).exists()
    assert not User.objects.filter(pk=account.pk).exists()
    assert Archived.objects.filter(kind="key", name__in=["indexer", "next"]).count() == 2


# Making one or a key, then renaming and ending: a member of the project sees it, but not the service accounts in it.
REFUSED = {"project_member": (403, 404), "auditor": (403, 403), "reader": (404, 404), "stranger": (404, 404)}


@pytest.mark.parametrize("name", REFUSED)
def test_nobody_else_changes_any(cast: World, browser_of: Browser, name: str) -> None:
    """The exact status, nothing changed, and each refusal on record."""
    browser, account = browser_of(name), cast.keys["project_service"].user
    making, ending = REFUSED[name]
    before = Key.objects.count(), User.objects.count()
    for address, fields, status in (
        (url("-new", cast.project), {"alias": "x"}, making),
        (url("-key-new", cast.project, account), {"alias": "x"}, making),
        (url("-rename", cast.project, account), {"name": "x"}, ending),
        (url("-delete", cast.project, account), {"typed": account.name}, ending),
    ):
        assert browser.post(address, fields).status_code == status, address
    assert (Key.objects.count(), User.objects.count()) == before
    assert User.objects.get(pk=account.pk).name == account.name
    assert sorted(event.status for event in AuditEvent.objects.filter(outcome="refused")) == sorted(
        [making, making, ending, ending]
    )


def test_an_account_of_another_project_is_not_found_here(cast: World, browser_of: Browser) -> None:
    other = service_key(project=cast.other_project).user
    for verb in ("-key-new", "-rename", "-delete"):
        assert browser_of("org_admin").get(url(verb, cast.project, other)).status_code == 404


def test_who_makes_none_is_told_who_does(cast: World, browser_of: Browser) -> None:
    page = browser_of("auditor").get(url("s", cast.project))
    assert "Only for those who may" in page.text
    assert url("-new", cast.project) not in page.text
    assert "Only for those who may" not in browser_of("project_owner").get(url("s", cast.project)).text


def test_the_form_is_shown_as_a_call_that_makes_the_same(cast: World, browser_of: Browser, api: Any) -> None:
    answer = made(browser_of("project_owner"), cast, **{"as": "curl"})
    call = answer.context["call"]
    assert not Key.objects.filter(alias="indexer").exists()
    assert api("POST", call["path"], call["body"], as_="project_owner").status_code == 200
    key = Key.objects.get(alias="indexer")
    assert (key.project, key.kind, key.user.name) == (cast.project, "service", "indexer")
