"""Guessing passwords is slow, and locks nobody out: tries are counted for the address that makes them."""

from typing import Any

import pytest
from django.test import Client

from rbacadmin.models import AuditEvent
from teams.models import User
from tests.world import World

PASSWORD = "correct horse battery staple"
ATTACKER, VICTIM = "203.0.113.66", "198.51.100.7"
MOST = 10  # wrong passwords a minute


def attempt(address: str, email: str, password: str, **headers: str) -> Any:
    sent = {"login": email, "password": password}
    return Client(REMOTE_ADDR=address).post("/accounts/login/", sent, headers=headers)


@pytest.fixture
def victim(cast: World) -> User:
    cast.member.set_password(PASSWORD)
    cast.member.save()
    return cast.member


def tire_out(email: str) -> None:
    for number in range(MOST):
        assert attempt(ATTACKER, email, f"guess {number}").status_code == 200


def signed_in(answer: Any) -> bool:
    return answer.status_code == 302 and answer["Location"] == "/ui/"


def test_an_address_that_guesses_has_to_wait_even_with_the_right_password(victim: User):
    tire_out(str(victim.email))
    answer = attempt(ATTACKER, str(victim.email), PASSWORD)
    assert not signed_in(answer)
    assert "Too many" in answer.text
    refused = AuditEvent.objects.filter(event="session.start", outcome=AuditEvent.Outcome.REFUSED, ip=ATTACKER)
    assert refused.count() == MOST
    assert "guess" not in "".join(str(event.details) for event in refused)


def test_the_victim_is_not_locked_out(victim: User):
    tire_out(str(victim.email))
    assert signed_in(attempt(VICTIM, str(victim.email), PASSWORD))


def test_other_accounts_are_closed_to_that_address_as_well(victim: User, cast: World):
    tire_out("nobody@example.com")
    assert not signed_in(attempt(ATTACKER, str(victim.email), PASSWORD))


def test_an_invented_forwarding_header_gives_no_new_tries(victim: User):
    tire_out(str(victim.email))
    answer = attempt(ATTACKER, str(victim.email), PASSWORD, x_forwarded_for="192.0.2.1")
    assert not signed_in(answer), "no proxy is trusted unless the settings say how many there are"


def test_right_passwords_cost_no_tries(victim: User):
    for _ in range(MOST + 2):
        assert signed_in(attempt(VICTIM, str(victim.email), PASSWORD))


@pytest.mark.parametrize("proxies", [1, 2])
def test_behind_trusted_proxies_each_address_counts_for_itself(victim: User, settings: Any, proxies: int):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    more = ", 10.0.0.1" * (proxies - 1)
    for number in range(MOST):
        forged = f"192.0.2.{number}, {ATTACKER}{more}"
        attempt("10.0.0.9", str(victim.email), f"guess {number}", x_forwarded_for=forged)
    answer = attempt("10.0.0.9", str(victim.email), PASSWORD, x_forwarded_for=f"192.0.2.99, {ATTACKER}{more}")
    assert not signed_in(answer)
    assert signed_in(attempt("10.0.0.9", str(victim.email), PASSWORD, x_forwarded_for=f"{VICTIM}{more}"))
