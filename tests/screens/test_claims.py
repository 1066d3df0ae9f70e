"""The tester of single sign-on."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from rbacadmin.config_file.tokens import JwtAuth
from rbacadmin.models import AuditEvent
from teams.services import update_user
from tests.matrix.managed import changed, snapshot
from tests.world import World

Browser = Callable[[str], Client]
AT = "/ui/settings/claims/"


@pytest.fixture(autouse=True)
def _mappings(settings: Any) -> None:
    settings.SSO_ROLE_MAPPING = {"claim": "groups", "roles": {"llm-admins": "proxy_admin"}, "default": None}
    settings.SSO_TEAM_MAPPING = {"claim": "teams"}


@pytest.mark.parametrize("name", ["proxy_admin", "auditor"])
def test_claims_show_what_they_bring_and_change_nothing(cast: World, browser_of: Browser, name: str):
    update_user(cast.actor("proxy_admin"), cast.member, sso_id="acme-1")
    rows, events = snapshot(), AuditEvent.objects.count()
    sent = {"sub": "acme-1", "groups": ["llm-admins", "<b>"], "teams": [cast.other_team.public_id, "no-such-team"]}
    answer = browser_of(name).post(AT, {"claims": json.dumps(sent)})
    assert answer.status_code == 200
    assert answer.context["person"] == cast.member
    assert answer.context["teams"] == [cast.other_team]
    assert answer.context["missing"] == ["no-such-team"]
    assert "Platform admin" in answer.text
    assert "llm-admins" in answer.text
    assert not changed(rows, snapshot())
    assert AuditEvent.objects.count() - events <= 1, "the session of the test itself"


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"sub": 1}', "[" * 19_000])
def test_what_is_no_claims_is_told_in_the_form(cast: World, browser_of: Browser, text: str):
    answer = browser_of("proxy_admin").post(AT, {"claims": text})
    assert answer.status_code == 422
    assert answer.context["form"].errors["claims"]


@pytest.mark.parametrize("name", ["org_admin", "team_admin", "member", "viewer"])
def test_the_tester_is_for_those_who_see_settings(cast: World, browser_of: Browser, name: str):
    assert browser_of(name).get(AT).status_code == 403
    assert browser_of(name).post(AT, {"claims": '{"sub": "x"}'}).status_code == 403


def test_a_token_with_the_same_claims_is_read_by_the_same_rules(cast: World, browser_of: Browser, settings: Any):
    settings.JWT_AUTH = JwtAuth.model_validate({"team_id_jwt_field": "team", "user_id_upsert": True})
    update_user(cast.actor("proxy_admin"), cast.member, sso_id="acme-1")
    rows = snapshot()
    client = browser_of("auditor")

    def principal(**claims: Any) -> Any:
        context = client.post(AT, {"claims": json.dumps(claims)}).context
        return context.get("principal") or context["refusal"].message

    assert principal(sub="acme-1", team=cast.team.public_id).team == cast.team
    assert "in no team" in principal(sub="acme-1", team=cast.other_team.public_id)
    assert principal(sub="somebody-new").user._state.adding
    assert principal(sub="acme-1", groups=["llm-admins"]).role == "proxy_admin"
    assert not changed(rows, snapshot())


def test_a_whole_token_is_read_without_believing_it(cast: World, browser_of: Browser) -> None:
    update_user(cast.actor("proxy_admin"), cast.member, sso_id="acme-1")
    header, claims = ({"alg": "none", "typ": "JWT"}, {"sub": "acme-1"})
    parts = [urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims)]
    answer = browser_of("proxy_admin").post(AT, {"claims": f"Bearer {'.'.join(parts)}.c2ln"})
    assert answer.status_code == 200
    assert answer.context["person"] == cast.member
    answer = browser_of("proxy_admin").post(AT, {"claims": "eyJhbGciOiJub25lIn0.e30x.c2ln"})
    assert answer.context["form"].errors["claims"] == ["The token cannot be read."]
