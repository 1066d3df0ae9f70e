"""The walkthroughs of seeds 001 and 003, line by line (with an organization of 200: rulebook 27)."""

import re
from typing import Any

import pytest

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


@pytest.fixture
def world(api: Any, master: Any) -> dict[str, str]:
    """Seed 003, "Onboarding Organizations", up to the team admin's own key."""
    organization = master(
        "POST",
        "/organization/new",
        {"organization_alias": "marketing_department", "models": ["gpt-4"], "max_budget": 200},
    ).json()
    ident = organization["organization_id"]
    member = {"role": "org_admin", "user_id": "ishaan@berri.ai"}
    assert master("POST", "/organization/member_add", {"organization_id": ident, "member": member}).status_code == 200
    org_admin = master("POST", "/key/generate", {"user_id": "ishaan@berri.ai"}).json()["key"]
    named = {"team_alias": "engineering_team", "organization_id": ident}
    team = api("POST", "/team/new", named, token=org_admin).json()["team_id"]
    john = {"team_id": team, "member": {"role": "admin", "user_id": "john@company.com"}}
    assert api("POST", "/team/member_add", john, token=org_admin).status_code == 200
    team_admin = api("POST", "/key/generate", {"user_id": "john@company.com"}, token=org_admin).json()["key"]
    return {"organization": ident, "team": team, "org_admin": org_admin, "team_admin": team_admin}


def test_creating_an_organization_answers_as_the_seed_shows(master: Any) -> None:
    body = {"organization_alias": "marketing_department", "models": ["gpt-4"], "max_budget": 20}
    answer = master("POST", "/organization/new", body)
    assert answer.status_code == 200
    row = answer.json()
    assert row["organization_alias"] == "marketing_department"
    assert row["budget_id"] == row["organization_id"]
    assert row["metadata"] == {}
    assert row["models"] == ["gpt-4"]
    assert row["created_by"] == row["updated_by"] == "default_user_id"
    assert STAMP.fullmatch(row["created_at"])
    assert STAMP.fullmatch(row["updated_at"])
    assert row["litellm_budget_table"]["max_budget"] == 20.0
    assert row["spend"] == 0.0


def test_adding_an_org_admin_creates_the_person(master: Any, world: dict[str, str]) -> None:
    info = master("GET", f"/organization/info?organization_id={world['organization']}").json()
    assert ("ishaan@berri.ai", "org_admin") in [(m["user_id"], m["user_role"]) for m in info["members"]]


def test_a_key_answers_as_the_seed_shows(master: Any, world: dict[str, str]) -> None:
    row = master("POST", "/key/generate", {"user_id": "ishaan@berri.ai"}).json()
    assert row["models"] == []
    assert row["user_id"] == "ishaan@berri.ai"
    assert row["key"].startswith("sk-")
    assert row["key_name"] == f"sk-...{row['key'][-4:]}"
    assert row["token"] == row["token_id"] != row["key"]
    assert row["expires"] is None


def test_the_org_admin_creates_a_team(api: Any, world: dict[str, str]) -> None:
    info = api("GET", f"/team/info?team_id={world['team']}", token=world["org_admin"]).json()
    assert info["team_info"]["team_alias"] == "engineering_team"
    assert info["team_info"]["organization_id"] == world["organization"]
    assert [m["user_id"] for m in info["team_info"]["members_with_roles"]] == ["john@company.com"]


def test_the_org_admin_adds_an_internal_user_as_seed_001_words_it(api: Any, world: dict[str, str]) -> None:
    body = {"team_id": world["team"], "member": {"role": "internal_user", "user_id": "krrish@berri.ai"}}
    answer = api("POST", "/team/member_add", body, token=world["org_admin"]).json()
    assert answer["updated_users"] == [{"user_id": "krrish@berri.ai", "user_email": "krrish@berri.ai"}]
    assert answer["updated_team_memberships"][0]["role"] == "user"
    assert {"user_id": "krrish@berri.ai", "user_email": "krrish@berri.ai", "role": "user"} in answer[
        "members_with_roles"
    ]


def test_the_team_admin_adds_members_and_creates_their_keys(api: Any, world: dict[str, str]) -> None:
    member = {"team_id": world["team"], "member": {"role": "user", "user_id": "krrish@berri.ai"}}
    assert api("POST", "/team/member_add", member, token=world["team_admin"]).status_code == 200
    body = {"user_id": "krrish@berri.ai", "team_id": world["team"]}
    key = api("POST", "/key/generate", body, token=world["team_admin"]).json()
    assert (key["user_id"], key["team_id"]) == ("krrish@berri.ai", world["team"])
    theirs = api("GET", "/key/info", token=key["key"]).json()["info"]
    assert theirs["user_id"] == "krrish@berri.ai"


def test_the_team_admin_sets_a_first_budget_and_limit(api: Any, world: dict[str, str]) -> None:
    body = {"team_id": world["team"], "max_budget": 100, "rpm_limit": 1000}
    answer = api("POST", "/team/update", body, token=world["team_admin"]).json()
    assert answer["team_id"] == world["team"]
    assert (answer["data"]["max_budget"], answer["data"]["rpm_limit"]) == (100.0, 1000)


def test_the_team_admin_cannot_raise_it_and_nothing_is_half_applied(api: Any, world: dict[str, str]) -> None:
    api("POST", "/team/update", {"team_id": world["team"], "max_budget": 100}, token=world["team_admin"])
    body = {"team_id": world["team"], "max_budget": 150, "team_alias": "renamed"}
    answer = api("POST", "/team/update", body, token=world["team_admin"])
    assert answer.status_code == 403
    assert answer.json()["error"]["decision"]["action"] == "raise_team_limits"
    info = api("GET", f"/team/info?team_id={world['team']}", token=world["team_admin"]).json()["team_info"]
    assert (info["team_alias"], info["max_budget"]) == ("engineering_team", 100.0)


def test_member_permissions_are_listed_and_changed(api: Any, world: dict[str, str]) -> None:
    path = f"/team/permissions_list?team_id={world['team']}"
    before = api("GET", path, token=world["team_admin"]).json()
    assert before["team_member_permissions"] == ["/key/info", "/key/health"]
    assert len(before["all_available_permissions"]) == 10
    wanted = ["/key/info", "/key/health", "/key/generate", "/key/update"]
    body = {"team_id": world["team"], "team_member_permissions": wanted}
    assert (
        api("POST", "/team/update", body, token=world["team_admin"]).json()["data"]["team_member_permissions"] == wanted
    )
    assert api("GET", path, token=world["team_admin"]).json()["team_member_permissions"] == wanted
    none = {"team_id": world["team"], "team_member_permissions": []}
    assert (
        api("POST", "/team/permissions_update", none, token=world["team_admin"]).json()["team_member_permissions"] == []
    )
    default = {"team_id": world["team"], "team_member_permissions": None}
    restored = api("PATCH", "/team/permissions_update", default, token=world["team_admin"]).json()
    assert restored["team_member_permissions"] == ["/key/info", "/key/health"]


def test_an_unknown_permission_is_refused_with_the_known_ones(api: Any, world: dict[str, str]) -> None:
    body = {"team_id": world["team"], "team_member_permissions": ["/key/rule-them-all"]}
    answer = api("POST", "/team/permissions_update", body, token=world["team_admin"])
    assert answer.status_code == 400
    assert "/key/generate" in answer.json()["detail"]["error"]


def test_a_member_granted_generation_makes_a_team_key(api: Any, world: dict[str, str]) -> None:
    member = {"team_id": world["team"], "member": {"role": "user", "user_id": "krrish@berri.ai"}}
    api("POST", "/team/member_add", member, token=world["team_admin"])
    hers = api("POST", "/key/generate", {"user_id": "krrish@berri.ai"}, token=world["org_admin"]).json()["key"]
    refused = api("POST", "/key/generate", {"team_id": world["team"]}, token=hers)
    assert refused.status_code == 403
    assert refused.json()["error"]["type"] == "team_member_permission_error"
    assert refused.json()["error"]["param"] == "/key/generate"
    wanted = {"team_id": world["team"], "team_member_permissions": ["/key/info", "/key/generate"]}
    api("POST", "/team/update", wanted, token=world["team_admin"])
    made = api("POST", "/key/generate", {"team_id": world["team"]}, token=hers)
    assert made.status_code == 200
    assert made.json()["user_id"] == "krrish@berri.ai"


def test_the_org_admin_creates_no_organization_and_no_lonely_team(api: Any, world: dict[str, str]) -> None:
    assert api("POST", "/organization/new", {"organization_alias": "x"}, token=world["org_admin"]).status_code == 403
    assert api("POST", "/team/new", {"team_alias": "x"}, token=world["org_admin"]).status_code == 403


def test_rulebook_27_a_team_budget_above_the_organizations_is_refused(api: Any, master: Any) -> None:
    small = master("POST", "/organization/new", {"organization_alias": "small", "max_budget": 20}).json()[
        "organization_id"
    ]
    answer = master("POST", "/team/new", {"team_alias": "big", "organization_id": small, "max_budget": 100})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "max_budget"
