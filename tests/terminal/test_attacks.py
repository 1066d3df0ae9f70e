"""What somebody might try with the codes of a terminal that signs in."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from keys.models import Key, TerminalSignIn
from keys.terminals import TRIES, NoSuchCode, answer_terminal, asking
from rbacadmin.errors import TooMany
from rbacadmin.models import AuditEvent
from teams.services import block_users
from tests.terminal.conftest import GRANT, Terminal
from tests.world import World

Browser = Callable[[str], Client]
PAGE, ANSWER = "/ui/account/terminal/", "/ui/account/terminal/answer/"


def error_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def test_codes_cannot_be_guessed_by_trying(browser_of: Browser, terminal: Terminal) -> None:
    code, browser = terminal.begin(), browser_of("member")
    for number in range(10):
        assert browser.post(PAGE, {"code": f"BCDF-GHJ{'KLMNPQRSTV'[number]}"}).status_code == 422
    answer = browser.post(PAGE, {"code": code})
    assert answer.status_code == 422
    assert "Too many" in answer.content.decode()
    browser.post(ANSWER, {"code": code, "answer": "approve"})  # nor past the page that shows who asks
    assert error_of(terminal.look()) == (400, "authorization_pending")


def test_tries_are_counted_whatever_door_they_come_by(cast: World, terminal: Terminal) -> None:
    """In the service, not in the page: the next door that takes a code lets nobody guess either."""
    code, me = terminal.begin(), cast.actor("member")
    for _ in range(TRIES["most"]):
        with pytest.raises(NoSuchCode):
            answer_terminal(me, cast.member, code="BCDF-GHJK", approve=True)
    with pytest.raises(TooMany):
        answer_terminal(me, cast.member, code=code, approve=True)
    with pytest.raises(TooMany):
        asking(me, cast.member, code=code)


def test_a_code_works_once(browser_of: Browser, terminal: Terminal) -> None:
    code = terminal.begin()
    browser_of("member").post(ANSWER, {"code": code, "answer": "approve"})
    assert browser_of("loner").post(PAGE, {"code": code}).status_code == 422
    browser_of("loner").post(ANSWER, {"code": code, "answer": "approve"})
    assert terminal.look().status_code == 200
    assert set(Key.objects.filter(kind="terminal").values_list("user__name", flat=True)) == {
        TerminalSignIn.objects.get().user.name  # type: ignore[union-attr]
    }
    assert AuditEvent.objects.filter(event="user.terminal_approved").count() == 1


def test_codes_end_after_ten_minutes(browser_of: Browser, terminal: Terminal) -> None:
    code, later = terminal.begin(), timezone.now() + timezone.timedelta(minutes=10, seconds=1)
    with time_machine.travel(later, tick=False):
        assert browser_of("member").post(PAGE, {"code": code}).status_code == 422
        assert error_of(terminal.look()) == (400, "expired_token")
        Terminal().begin()
    assert TerminalSignIn.objects.count() == 1  # what is too old is forgotten


def test_an_approval_that_is_not_collected_in_time_is_void(browser_of: Browser, terminal: Terminal) -> None:
    browser_of("member").post(ANSWER, {"code": terminal.begin(), "answer": "approve"})
    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=11), tick=False):
        assert error_of(terminal.look()) == (400, "expired_token")
    assert not Key.objects.filter(kind="terminal").exists()


def test_who_looks_too_often_is_slowed_down_and_still_gets_the_key(browser_of: Browser, terminal: Terminal) -> None:
    code, start = terminal.begin(), timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        assert error_of(terminal.look()) == (400, "authorization_pending")
        answer = terminal.look()
        assert (*error_of(answer), answer.json()["interval"]) == (400, "slow_down", 10)
        clock.shift(6)
        assert terminal.look().json()["interval"] == 15
        browser_of("member").post(ANSWER, {"code": code, "answer": "approve"})
        assert error_of(terminal.look()) == (400, "slow_down")
        clock.shift(60)
        assert terminal.look().status_code == 200


def test_who_refuses_lets_nobody_in(cast: World, browser_of: Browser, terminal: Terminal) -> None:
    browser_of("member").post(ANSWER, {"code": terminal.begin(), "answer": "refuse"})
    assert error_of(terminal.look()) == (400, "access_denied")
    assert not Key.objects.filter(kind="terminal").exists()
    assert AuditEvent.objects.filter(event="user.terminal_refused", actor_user_id=cast.member.pk).count() == 1


def test_no_answer_but_yes_is_a_yes(browser_of: Browser, terminal: Terminal) -> None:
    browser_of("member").post(ANSWER, {"code": terminal.begin()})
    assert error_of(terminal.look()) == (400, "access_denied")


def test_who_is_blocked_meanwhile_lets_nobody_in(cast: World, browser_of: Browser, terminal: Terminal) -> None:
    browser_of("loner").post(ANSWER, {"code": terminal.begin(), "answer": "approve"})
    block_users(cast.actor("proxy_admin"), [cast.loner])
    assert terminal.look().status_code == 400
    assert not Key.objects.filter(kind="terminal").exists()


def test_a_forged_form_lets_nobody_in(cast: World, terminal: Terminal) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.member, backend="django.contrib.auth.backends.ModelBackend")
    code = terminal.begin()
    for path, sent in ((PAGE, {"code": code}), (ANSWER, {"code": code, "answer": "approve"})):
        assert browser.post(path, sent).status_code == 403
    assert browser.get(f"{PAGE}?code={code}").context["form"].errors == {}  # nor does a link type it in
    assert browser.get(f"{PAGE}?code={code}").context["form"]["code"].value() is None
    assert error_of(terminal.look()) == (400, "authorization_pending")


def test_who_looks_as_somebody_else_lets_nobody_in(cast: World, browser_of: Browser, terminal: Terminal) -> None:
    browser = browser_of("proxy_admin")
    code, sent = terminal.begin(), {"person": str(cast.member.pk)}
    assert browser.post("/ui/view-as/", sent).status_code == 302
    assert browser.post(ANSWER, {"code": code, "answer": "approve"}).status_code == 403
    assert TerminalSignIn.objects.get().user is None
    assert error_of(terminal.look()) == (400, "authorization_pending"), "neither them nor whoever looks"
    assert not Key.objects.filter(kind="terminal").exists()


def test_the_code_that_is_typed_opens_nothing_and_the_stored_hash_neither(terminal: Terminal) -> None:
    code = terminal.begin().replace("-", "")
    stored = TerminalSignIn.objects.get().device_digest
    for wrong in (code, str(stored), "", "x" * 3000, "%00", "%F0%9F%99%82"):
        answer = terminal.ask("token", client_id="rbacctl", grant_type=GRANT, device_code=wrong)
        assert error_of(answer) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("name", "fields", "answer"),
    [
        ("device_authorization", {"host": "laptop"}, (401, "invalid_client")),
        ("token", {"client_id": "rbacctl", "grant_type": "password"}, (400, "unsupported_grant_type")),
        ("token", {"client_id": "other", "grant_type": GRANT}, (401, "invalid_client")),
    ],
)
def test_what_is_no_such_request_is_refused_as_oauth_words_it(
    terminal: Terminal, name: str, fields: dict[str, str], answer: tuple[int, str]
) -> None:
    assert error_of(terminal.ask(name, **fields)) == answer


def test_forms_only_and_small_ones(terminal: Terminal) -> None:
    path = "/oauth/device_authorization"
    assert terminal.client.get(path)["Allow"] == "POST"
    assert error_of(terminal.client.post(path, {"client_id": "rbacctl"}, content_type="application/json"))[0] == 400
    assert error_of(terminal.ask("device_authorization", client_id="rbacctl", host="x" * 5000))[0] == 413
    assert terminal.client.post(path, {"client_id": "rbacctl"}).status_code == 400


def test_one_address_cannot_fill_the_table(terminal: Terminal) -> None:
    for _ in range(30):
        terminal.begin()
    answer = terminal.ask("device_authorization", client_id="rbacctl")
    assert error_of(answer) == (429, "slow_down")
    assert int(answer["Retry-After"]) > 0
    Terminal(ip="198.51.100.10").begin()  # nobody else waits for that
