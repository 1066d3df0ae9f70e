"""`auth login` through the browser, against a real server: the person's side is plain HTTP with a session."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import httpx2 as httpx
import pytest

from rbacctl import browser
from rbacctl.failure import Code
from tests.support.server import Server

pytestmark = pytest.mark.sqlite

PAGE = "/ui/account/terminal/"
PASSWORD, CSRF = "correct horse battery staple", "x" * 32


class Person:
    """Somebody who has signed in with a browser. They send forms and look at no page: those need files collected."""

    def __init__(self, server: Server, email: str) -> None:
        _, made = server.ask("POST", "/user/new", {"user_email": email})
        _, invited = server.ask("POST", "/invitation/new", {"user_id": made["user_id"]})
        claim = {"invitation_link": invited["invitation_link"], "user_id": made["user_id"], "password": PASSWORD}
        assert server.ask("POST", "/onboarding/claim_token", claim)[0] == 200
        self.url, self.cookies = server.url, {"csrftoken": CSRF}
        self.cookies |= {**self.send("/accounts/login/", login=email, password=PASSWORD), "csrftoken": CSRF}

    def send(self, page: str, **fields: str) -> Mapping[str, str]:
        """Send the form of a page; the cookies that come back."""
        sent = {"csrfmiddlewaretoken": CSRF, **fields}
        with httpx.Client(base_url=self.url, cookies=self.cookies, timeout=60) as browser:
            answer = browser.post(page, data=sent)
        assert answer.status_code == 302, answer.text
        return dict(answer.cookies)

    def answers(self, answer: str) -> Callable[[str], None]:
        """Answer whoever shows a code."""
        return lambda code: self.send(f"{PAGE}answer/", code=code, answer=answer)


def terminals(server: Server) -> int:
    """How many are signed in."""
    _, found = server.ask("GET", "/key/list?return_full_object=true&size=100")
    return sum(key["key_alias"].startswith("rbacctl on") for key in found["keys"] if key["key_alias"])


@pytest.fixture(scope="module")
def ana(server: Server) -> Person:
    return Person(server, "ana@terminal.example")


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[str], Any]], list[float]]:
    """Do something with the code instead of waiting for the next look; the answer lists the waits so far."""

    def happens(does: Callable[[str], Any]) -> list[float]:
        waits: list[float] = []
        shown: list[str] = []
        offer = browser.offer

        def offered(screen: Any, begun: browser.Begun, **how: Any) -> None:
            shown.append(begun.code)
            offer(screen, begun, **how)

        def instead(seconds: float) -> None:
            waits.append(seconds)
            if len(waits) == 1:
                does(shown[0])

        monkeypatch.setattr(browser, "offer", offered)
        monkeypatch.setattr(browser.time, "sleep", instead)
        return waits

    return happens


def test_a_code_typed_in_the_browser_signs_this_machine_in_and_signing_out_ends_it(
    run: Callable[..., Any], server: Server, ana: Person, home: Any, meanwhile: Callable[..., list[float]]
) -> None:
    meanwhile(ana.answers("approve"))
    found = run("auth", "login", "--server", server.url)
    assert found.exit_code == 0, found.output
    assert "Signed in to" in found.stdout
    assert "ana@terminal.example" in found.stdout
    assert PAGE in found.stderr
    assert re.search(r"Type   [A-Z]{4}-[A-Z]{4}", found.stderr)
    kept = (home / "rbacctl" / "credentials.yaml").read_text()
    secret = re.search(r"sk-t_\w+", kept)
    assert secret
    assert secret[0] not in found.output
    assert terminals(server) == 1
    assert run("auth", "status").exit_code == 0
    out = run("auth", "logout")
    assert (out.exit_code, out.stdout) == (0, f"Signed out of {server.url}.\n")
    assert server.ask("GET", "/v1/users:getSelf", key=secret[0])[0] == 401
    assert terminals(server) == 0


def test_signing_in_again_ends_the_sign_in_before(
    run: Callable[..., Any], server: Server, ana: Person, home: Any, meanwhile: Callable[..., list[float]]
) -> None:
    for _ in range(2):
        meanwhile(ana.answers("approve"))
        assert run("auth", "login", "--no-open", "--server", server.url).exit_code == 0
    assert terminals(server) == 1
    assert run("auth", "logout", "-o", "json").exit_code == 0


def test_who_refuses_signs_nobody_in(
    run: Callable[..., Any], server: Server, ana: Person, home: Any, meanwhile: Callable[..., list[float]]
) -> None:
    meanwhile(ana.answers("refuse"))
    found = run("auth", "login", "--server", server.url)
    assert (found.exit_code, found.stdout) == (Code.FORBIDDEN, "")
    assert "refused" in found.stderr
    assert not (home / "rbacctl").exists()


def test_it_waits_as_long_as_the_server_wants(
    run: Callable[..., Any], server: Server, meanwhile: Callable[..., list[float]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing really waits here, so every look but the first comes too soon."""
    waits = meanwhile(lambda code: None)

    def enough(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr(browser.time, "sleep", enough)
    assert run("auth", "login", "--server", server.url).exit_code == 130
    assert waits == [5, 5, 10, 15]


def test_a_key_is_read_from_standard_input_and_stays_valid_when_one_signs_out(
    run: Callable[..., Any], server: Server
) -> None:
    for option in (("--with-key",), ("--api-key-stdin",), ("--key-file", "-")):
        assert run("auth", "login", *option, "--server", server.url, typed=f"{server.master}\n").exit_code == 0
    out = run("auth", "logout")
    assert (out.exit_code, "stays valid" in out.stdout) == (0, True)
    assert server.ask("GET", "/v1/users:getSelf")[0] == 200
    both = run("auth", "login", "--with-key", "--api-key-stdin", "--server", server.url)
    assert both.exit_code == Code.USAGE


def test_a_context_that_the_next_person_does_not_see_is_cleared(
    run: Callable[..., Any], server: Server, ana: Person, meanwhile: Callable[..., list[float]]
) -> None:
    assert run("auth", "login", "--with-key", "--server", server.url, typed=f"{server.master}\n").exit_code == 0
    assert run("admin", "orgs", "create", "Not hers").exit_code == 0
    assert run("context", "set", "-o", "Not hers").exit_code == 0
    meanwhile(ana.answers("approve"))
    assert run("auth", "login", "--server", server.url).exit_code == 0
    assert run("context", "get", "-o", "json").stdout == "{}\n"
    assert run("auth", "logout").exit_code == 0
