"""Signing in from a terminal through the browser: what comes of it, and how it ends."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from keys.models import Key, TerminalSignIn
from keys.terminals import name_of
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Actor
from teams.services import revoke_sessions
from tests.terminal.conftest import Terminal
from tests.world import World

Browser = Callable[[str], Client]
PAGE, ANSWER = "/ui/account/terminal/", "/ui/account/terminal/answer/"


def test_a_terminal_is_let_in_by_its_person_and_gets_a_key_of_theirs_once(
    cast: World, browser_of: Browser, terminal: Terminal, api: Callable[..., Any]
) -> None:
    code, browser = terminal.begin(), browser_of("member")
    assert terminal.begun["verification_uri"].endswith(PAGE)
    assert (terminal.begun["expires_in"], terminal.begun["interval"]) == (600, 5)
    assert "verification_uri_complete" not in terminal.begun  # a link with the code in it would sign in who sent it
    shown = browser.post(PAGE, {"code": code.lower().replace("-", " ")})
    text = shown.content.decode()
    assert all(part in text for part in ("laptop", "198.51.100.9", code, "not where you are now", "refuse"))
    assert not Key.objects.filter(kind="terminal").exists()
    assert browser.post(ANSWER, {"code": code, "answer": "approve"})["Location"] == PAGE
    given = terminal.look().json()
    key = Key.objects.get(kind="terminal")
    assert (key.alias, key.user, given["name"], given["token_type"]) == ("rbacctl on laptop", cast.member,
                                                                        "rbacctl on laptop", "Bearer")  # fmt: skip
    assert key.expires_at is not None
    assert timedelta(days=29) < key.expires_at - timezone.now() < timedelta(days=30, minutes=1)
    me = api("GET", "/v1/users:getSelf", token=given["access_token"])
    assert (me.status_code, me.json()["id"]) == (200, cast.member.public_id)
    again = terminal.look()
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    events = AuditEvent.objects.filter(actor_user_id=cast.member.pk).order_by("created_at")
    found = [(event.event, event.door, event.ip) for event in events]
    assert found[1:] == [
        ("user.terminal_approved", "dashboard", "127.0.0.1"),
        ("key.generated", "terminal", "198.51.100.9"),
    ]
    assert given["access_token"] not in str([event.details for event in events])


@pytest.mark.parametrize("name", ["viewer", "auditor", "loner", "proxy_admin"])
def test_everybody_may_sign_in_whatever_they_may_do_with_keys(
    cast: World, signed_in: Callable[[str], str], api: Callable[..., Any], name: str
) -> None:
    secret = signed_in(name)
    assert api("GET", "/v1/users:getSelf", token=secret).status_code == 200
    call = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello"}]}
    refused = api("POST", "/v1/chat/completions", call, token=secret)
    assert (refused.status_code, "calls no model" in refused.json()["error"]["message"]) == (403, True)


def test_it_is_its_person_and_makes_keys_that_outlive_it(
    cast: World, signed_in: Callable[[str], str], api: Callable[..., Any]
) -> None:
    secret = signed_in("team_admin")
    made = api("POST", "/key/generate", {"team_id": cast.team.public_id}, token=secret)
    assert made.status_code == 200, made.content
    assert made.json()["expires"] is None


def test_it_is_ended_and_never_changed(
    cast: World, signed_in: Callable[[str], str], api: Callable[..., Any], browser_of: Browser
) -> None:
    secret = signed_in("proxy_admin")
    key = Key.objects.get(kind="terminal")
    for path, body in (
        ("/key/update", {"key": key.token, "duration": "300d"}),
        ("/key/update", {"key": key.token, "user_id": cast.loner.public_id}),
        (f"/key/{key.token}/regenerate", {}),
    ):
        assert api("POST", path, body, token=secret).status_code == 400
    key.refresh_from_db()
    assert key.user == cast.proxy_admin
    page = browser_of("proxy_admin").get(f"/ui/keys/{key.pk}/").content.decode()
    assert "regenerate" not in page


def test_signing_out_deletes_the_key(
    signed_in: Callable[[str], str], terminal: Terminal, api: Callable[..., Any]
) -> None:
    secret = signed_in("viewer")
    assert terminal.end(secret).status_code == 200
    assert not Key.objects.filter(kind="terminal").exists()
    assert not TerminalSignIn.objects.exists()
    assert api("GET", "/v1/users:getSelf", token=secret).status_code == 401
    assert terminal.end(secret).status_code == 200  # as good as ended


def test_other_keys_are_not_ended_by_signing_out(cast: World, terminal: Terminal) -> None:
    answer = terminal.end(cast.secrets["member"])
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_token_type")
    assert Key.objects.filter(pk=cast.here.keys["member_team"].pk).exists()


def test_ones_terminals_are_listed_and_signed_out_in_the_account(
    browser_of: Browser, signed_in: Callable[[str], str]
) -> None:
    signed_in("viewer")
    key = Key.objects.get(kind="terminal")
    browser = browser_of("viewer")
    assert "rbacctl on laptop" in browser.get(PAGE).content.decode()
    assert "rbacctl on laptop" not in browser.get("/ui/account/keys/").content.decode()
    assert browser_of("member").post(f"{PAGE}{key.pk}/end/").status_code == 404
    assert browser.post(f"{PAGE}{key.pk}/end/")["Location"] == PAGE
    assert not Key.objects.filter(pk=key.pk).exists()


def test_who_is_signed_out_everywhere_is_so_in_terminals(cast: World, signed_in: Callable[[str], str]) -> None:
    signed_in("member")
    revoke_sessions(Actor.for_user(cast.proxy_admin), cast.member)
    assert not Key.objects.filter(kind="terminal").exists()
    assert Key.objects.filter(user=cast.member).exists()  # keys go on working


def test_it_is_a_session_where_keys_are_declared_and_listed_by_project(
    signed_in: Callable[[str], str], api: Callable[..., Any], cast: World
) -> None:
    secret = signed_in("proxy_admin")
    ident = Key.objects.get(kind="terminal").prefixed_id
    listed = api("GET", "/v1/api_keys", token=secret).json()["data"]
    assert listed
    assert ident not in {one["id"] for one in listed}
    declared = api("GET", "/apis/auth.litellm.ai/v1alpha1/namespaces/litellm/virtualkeys", token=secret)
    assert "rbacctl" not in declared.content.decode()
    shown = api("GET", "/key/list?return_full_object=true&key_alias=rbacctl%20on%20laptop", token=secret).json()["keys"]
    assert [one["key_type"] for one in shown] == ["management"]


def test_two_machines_of_one_name_are_told_apart(signed_in: Callable[[str], str]) -> None:
    signed_in("member")
    signed_in("loner")
    names = sorted(Key.objects.filter(kind="terminal").values_list("alias", flat=True))
    assert names[0] == "rbacctl on laptop"
    assert names[1].startswith("rbacctl on laptop (")


def test_a_machine_cannot_name_itself_to_deceive() -> None:
    assert name_of("lap\x1b[2J\u202etop\n\0") == "lap[2Jtop"
    assert name_of("\u200b") == name_of("") == name_of("  ") == "a machine without a name"
    assert len(name_of("x" * 5000)) == 100


def test_the_page_costs_the_same_with_one_terminal_and_with_four(
    browser_of: Browser, signed_in: Callable[[str], str]
) -> None:
    browser, counts = browser_of("member"), []
    for more in (1, 3):
        for _ in range(more):
            signed_in("member")
        browser.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(PAGE).content.decode().count("Sign out rbacctl") in (1, 4)
        counts.append(len(queries))
    assert counts[0] == counts[1]
