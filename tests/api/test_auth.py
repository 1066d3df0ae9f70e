"""Who gets in: bearer keys only, and never by a cookie."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keys import secrets
from keys.models import Key
from tests.factories import KeyFactory

MISSING = "No api key passed in"


@pytest.mark.parametrize("header", ["Authorization", "x-litellm-api-key", "api-key", "x-api-key"])
def test_every_header_that_clients_send_carries_a_key(cast: Any, header: str) -> None:
    secret = cast.secrets["org_admin"]
    value = f"Bearer {secret}" if header == "Authorization" else secret
    answer = Client().get("/key/info", headers={header: value})
    assert answer.status_code == 200
    assert answer.json()["info"]["user_id"] == cast.org_admin.public_id


def refused(secret: str | None, scheme: str = "Bearer") -> Any:
    headers = {"Authorization": f"{scheme} {secret}"} if secret else {}
    answer = Client().get("/key/info", headers=headers)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    error = answer.json()["error"]
    assert error["code"] == "401"
    assert error["param"] is None
    assert secret is None or secret not in answer.content.decode()
    return error


def test_no_key(db: None) -> None:
    error = refused(None)
    assert error["type"] == "auth_error"
    assert MISSING in error["message"]


def test_basic_credentials_are_no_key(db: None) -> None:
    assert MISSING in refused("c3R1ZmY6c3R1ZmY=", scheme="Basic")["message"]


def test_a_word_that_is_no_key(db: None) -> None:
    error = refused("open-sesame")
    assert error["type"] == "auth_error"
    assert "expected to start with 'sk-'" in error["message"]


@pytest.mark.parametrize("well_formed", [True, False])
def test_an_unknown_key(db: None, well_formed: bool) -> None:
    error = refused(secrets.make("personal") if well_formed else "sk-nothing-like-it")
    assert error["type"] == "token_not_found_in_db"
    assert "Invalid proxy server token passed" in error["message"]


def test_a_junk_key_of_a_hundred_thousand_characters(db: None) -> None:
    assert Client().get("/key/info", headers={"Authorization": "Bearer sk-" + "x" * 100_000}).status_code == 401


def test_a_blocked_key(cast: Any) -> None:
    key = KeyFactory(user=cast.member, blocked_by="platform")
    error = refused(key.secret)
    assert error["type"] == "auth_error"
    assert "Key is blocked" in error["message"]


def test_an_expired_key(cast: Any) -> None:
    key = KeyFactory(user=cast.member, expires_at=timezone.now() - timedelta(seconds=1))
    error = refused(key.secret)
    assert error["type"] == "expired_key"
    assert "Expired Key" in error["message"]


def test_a_deleted_key(cast: Any) -> None:
    key = KeyFactory(user=cast.member)
    Key.objects.filter(pk=key.pk).delete()
    assert refused(key.secret)["type"] == "token_not_found_in_db"


def test_a_signed_in_browser_without_a_key_is_nobody(browser_of: Any) -> None:
    client = browser_of("proxy_admin")
    assert client.get("/key/list").status_code == 401
    assert client.post("/team/new", {"team_alias": "forged"}, content_type="application/json").status_code == 401


def test_a_session_adds_nothing_to_a_key(browser_of: Any, cast: Any) -> None:
    headers = {"Authorization": f"Bearer {cast.secrets['loner']}"}
    answer = browser_of("proxy_admin").post(
        "/team/new", {"team_alias": "x"}, content_type="application/json", headers=headers
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("allowed", "open_path", "closed_path"),
    [
        (["/key/info"], "/key/info", "/key/list"),
        (["/key/*"], "/key/list", "/user/info"),
        (["info_routes"], "/key/list", None),
        (["llm_api_routes"], None, "/key/list"),
    ],
)
def test_a_key_calls_its_allowed_routes_only(
    api: Any, cast: Any, allowed: list[str], open_path: str | None, closed_path: str | None
) -> None:
    key = KeyFactory(user=cast.proxy_admin, allowed_routes=allowed)
    if open_path:
        assert api("GET", open_path, token=key.secret).status_code == 200
    if closed_path:
        answer = api("GET", closed_path, token=key.secret)
        assert answer.status_code == 403
        assert "not allowed to call this route" in str(answer.json())
    assert api("POST", "/organization/new", {"organization_alias": "no"}, token=key.secret).status_code == 403
