"""What claims mean, and what may be configured to mean something."""

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from rbacadmin.conf import Conf
from rbacadmin.config_file.shapes import PlatformRole
from rbacadmin.policy import PLATFORM_ROLES
from teams.sso import mapped, values

pytestmark = pytest.mark.sqlite

ROLES = {"claim": "groups", "roles": {"admins": "proxy_admin", "eyes": "proxy_admin_viewer", "all": "internal_user"}}
DEFAULT = {**ROLES, "default": "internal_user_viewer"}


@pytest.mark.parametrize(
    ("groups", "mapping", "role"),
    [
        (["all"], ROLES, "internal_user"),
        (["all", "admins", "eyes"], ROLES, "proxy_admin"),
        ("eyes", ROLES, "proxy_admin_viewer"),
        (["Admins"], ROLES, None),
        (["proxy_admin"], ROLES, None),
        (["proxy_admin"], DEFAULT, "internal_user_viewer"),
        ([], DEFAULT, "internal_user_viewer"),
        ([], ROLES, None),
        ([["admins"]], DEFAULT, None),
        ({"admins": True}, DEFAULT, None),
        (1, DEFAULT, None),
        (["admins"], None, None),
    ],
)
def test_the_most_powerful_role_of_the_groups_that_are_named_exactly(groups: Any, mapping: Any, role: str | None):
    found = mapped({"groups": groups}, mapping)
    assert found.role == role
    assert found.reasons


def test_a_claim_that_is_missing_changes_nothing():
    found = mapped({}, DEFAULT, {"claim": "teams"})
    assert (found.role, found.teams) == (None, None)
    assert len(found.reasons) == 2
    assert mapped({"teams": []}, None, {"claim": "teams"}).teams == ()
    assert mapped({"teams": ["a", "b", "a"]}, None, {"claim": "teams"}).teams == ("a", "b")


def test_a_claim_may_be_nested_or_have_dots_in_its_name():
    assert values({"realm_access": {"roles": ["a"]}}, "realm_access.roles") == ("a",)
    assert values({"https://example.com/roles": ["a"]}, "https://example.com/roles") == ("a",)
    assert values({"realm_access": ["roles"]}, "realm_access.roles") is None


def test_a_mapping_is_written_in_json_or_yaml(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RBACADMIN_ROLE_MAPPING", '{"claim": "groups", "roles": {"a": "proxy_admin"}}')
    monkeypatch.setenv("RBACADMIN_TEAM_MAPPING", "claim: teams")
    conf = Conf()
    assert conf.role_mapping is not None
    assert conf.role_mapping.roles == {"a": "proxy_admin"}
    assert conf.team_mapping is not None
    assert conf.team_mapping.claim == "teams"
    monkeypatch.setenv("RBACADMIN_ROLE_MAPPING", "")
    assert Conf().role_mapping is None


@pytest.mark.parametrize(
    "text",
    [
        "claim: groups\nroles: {a: root}",
        "claim: groups\nroles: {}\ndefault: proxy_admin",
        "claim: groups\nroles: {}\ndefault: proxy_admin_viewer",
        "claim: groups\nroles: {}\nelse: x",
        "roles: {}",
        "groups",
    ],
)
def test_a_mapping_that_says_something_else_stops_the_start(monkeypatch: pytest.MonkeyPatch, text: str):
    monkeypatch.setenv("RBACADMIN_ROLE_MAPPING", text)
    with pytest.raises(ValidationError, match="role_mapping"):
        Conf()


def test_the_roles_of_the_configuration_are_those_of_the_policy():
    assert get_args(PlatformRole) == PLATFORM_ROLES


def test_a_provider_is_configured_as_a_whole_and_safely():
    with pytest.raises(ValidationError, match="go together"):
        Conf(oidc_issuer="https://id.example.com")
    with pytest.raises(ValidationError, match="https"):
        Conf(oidc_issuer="http://id.example.com", oidc_client_id="x", production=True)
