"""The check endpoint: what a call would be answered, and why."""

from collections.abc import Callable
from typing import Any

import pytest

from gateway.admission.decide import flying
from gateway.models import CatalogModel
from keys.models import Key
from tests.factories import KeyFactory
from tests.world import World

Ask = Callable[..., Any]


@pytest.fixture
def check(cast: World, api: Callable[..., Any]) -> Ask:
    """`check(key=..., model=...)`: what a gateway's own credential is told."""
    gateway = KeyFactory(user=None, kind=Key.Kind.GATEWAY)

    def ask(**body: Any) -> Any:
        answer = api("POST", "/gateway/check", {"model": "gpt-4o", **body}, token=gateway.secret)
        assert answer.status_code == 200, answer.content
        return answer.json()

    return ask


def test_a_call_that_every_level_allows(cast: World, check: Ask) -> None:
    CatalogModel.objects.filter(name="gpt-4o").update(input_price=10**9, output_price=2 * 10**9)
    key = cast.keys["member_team"]
    told = check(key=key.secret, estimate={"prompt_tokens": 1000, "completion_tokens": 500})
    assert (told["allowed"], told["status"], told["cost"]) == (True, 200, 0.002)
    assert told["request_id"] is None
    assert [level["level"] for level in told["levels"]] == ["key", "member", "team", "organization", "user"]
    assert told["headers"]["x-rbacadmin-key-id"] == key.public_id
    assert not flying


def test_the_level_that_refuses_is_named(cast: World, check: Ask) -> None:
    told = check(key=cast.keys["member_team"].secret, model="o3")
    assert (told["allowed"], told["status"], told["level"]) == (False, 403, "organization")
    assert told["level_id"] == str(cast.organization.pk)
    assert [level["level"] for level in told["levels"] if level["refused"]] == ["organization"]
    assert told["error"]["type"] == "org_model_access_denied"
    assert told["reason"] == told["error"]["message"]


def test_limits_and_budgets_say_when_to_come_back(cast: World, check: Ask) -> None:
    place: dict[str, Any] = {"user": cast.member, "team": cast.team, "organization": cast.organization}
    told = check(key=KeyFactory(**place, rpm_limit=0).secret)
    assert (told["status"], told["level"]) == (429, "key")
    assert told["retry_after"] > 0
    assert check(key=KeyFactory(**place, max_budget=0).secret)["status"] == 422


def test_a_key_that_is_none_is_an_answer_and_no_error(check: Ask) -> None:
    told = check(key="sk-junk")
    assert (told["allowed"], told["status"], told["levels"]) == (False, 401, [])


def test_a_call_that_is_reserved_is_in_flight_under_its_id(cast: World, check: Ask) -> None:
    told = check(key=cast.keys["member_team"].secret, reserve=True, estimate={"completion_tokens": 5})
    assert told["allowed"]
    assert flying[told["request_id"]].completion_tokens == 5


def test_one_key_or_one_token(cast: World, api: Callable[..., Any]) -> None:
    for body in ({"model": "gpt-4o"}, {"model": "gpt-4o", "key": "sk-a", "jwt": "ey"}):
        answer = api("POST", "/gateway/check", body, as_="proxy_admin")
        assert answer.status_code == 400
        assert "either a key or a jwt" in answer.json()["error"]["message"]


@pytest.mark.parametrize("name", ["auditor", "org_admin", "team_admin", "member", "loner", "viewer"])
def test_nobody_else_may_ask(cast: World, api: Callable[..., Any], name: str) -> None:
    body = {"model": "gpt-4o", "key": cast.keys["member_team"].secret}
    assert api("POST", "/gateway/check", body, as_=name).status_code == 403
    assert not flying


def test_a_proxy_admin_asks_but_begins_no_call(cast: World, api: Callable[..., Any]) -> None:
    body = {"model": "gpt-4o", "key": cast.keys["member_team"].secret}
    assert api("POST", "/gateway/check", body, as_="proxy_admin").json()["allowed"]
    assert api("POST", "/gateway/check", {**body, "reserve": True}, as_="proxy_admin").status_code == 403
    assert not flying
