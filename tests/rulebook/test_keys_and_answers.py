"""Rules 14 to 29 over HTTP: caps, keys, refusals and shapes. Each test shows the core of its rule."""

import json
from typing import Any

import pytest
from django.test import Client

from api.litellm.route import DELETES, READS, UPDATES
from api.litellm.routes import ROUTES
from api.openapi import schema
from keys.models import Key
from rbacadmin.models import AuditEvent
from teams.models import Team
from tests.rulebook.conftest import Call

TEN = 10


def test_rule_14_a_child_is_within_its_parent_and_a_parent_may_be_lowered(ask: Call, cast: Any) -> None:
    team = {"team_id": cast.team.public_id}
    for fields in ({"max_budget": 1001}, {"models": ["gpt-5"]}):
        assert ask("master", "POST", "/team/update", {**team, **fields})[0] == 400
    lowered = {"organization_id": cast.organization.public_id, "max_budget": 50}
    assert ask("master", "POST", "/organization/update", lowered)[0] == 200
    assert Team.objects.get(pk=cast.team.pk).max_budget == 100 * 10**9, "stored as it was"
    assert ask("master", "POST", "/team/update", {**team, "max_budget": 60})[0] == 400
    assert ask("master", "POST", "/team/update", {**team, "max_budget": 50})[0] == 200


def test_rule_15_each_level_shows_its_own_caps_on_the_wire(ask: Call, cast: Any) -> None:
    """The caps that bind a call: key, member, team and organization each carry theirs, and none is lost."""
    key = {"key": cast.keys["member_team"].token, "max_budget": 5, "rpm_limit": 7}
    assert ask("team_admin", "POST", "/key/update", key)[0] == 200
    member = {"team_id": cast.team.public_id, "user_id": cast.member.email, "max_budget_in_team": 6}
    assert ask("team_admin", "POST", "/team/member_update", member)[0] == 200
    shown = ask("team_admin", "GET", f"/key/info?key={cast.keys['member_team'].token}")[1]["info"]
    assert (shown["max_budget"], shown["rpm_limit"], shown["team_id"]) == (5, 7, cast.team.public_id)
    team = ask("team_admin", "GET", f"/team/info?team_id={cast.team.public_id}")[1]
    assert (team["team_info"]["max_budget"], team["team_info"]["rpm_limit"]) == (100, 100)
    members = [row for row in team["team_memberships"] if row["user_id"] == cast.member.email]
    assert [row["max_budget"] for row in members] == [6]


def test_rule_16_every_key_lives_somewhere(ask: Call, cast: Any) -> None:
    _, made = ask("member", "POST", "/key/generate", {})
    assert made["organization_id"] == cast.organization.public_id, "the owner's only one"
    assert ask("org_admin", "POST", "/key/block", {"key": made["token"]})[0] == 200
    assert ask("team_admin", "POST", "/key/service-account/generate", {})[0] == 400
    _, free = ask("master", "POST", "/key/generate", {"user_id": None})
    assert (free["user_id"], free["organization_id"]) == (None, None)
    assert ask(None, "GET", "/key/info", token=free["key"])[0] == 200
    assert ask(None, "GET", "/team/list", token=free["key"]) == (200, [])


def test_rule_17_a_key_is_never_chosen_and_never_stronger_than_its_owner(ask: Call, cast: Any) -> None:
    chosen = "sk-chosen-by-the-caller-1234"
    assert ask("member", "POST", "/key/generate", {"key": chosen})[1]["error"]["param"] == "key"
    own = cast.keys["member_personal"]
    assert ask("member", "POST", "/key/regenerate", {"key": own.token, "new_key": chosen})[0] == 400
    assert ask("member", "GET", f"/key/info?key={own.token}")[0] == 200, "its hash names it"
    team = f"/team/info?team_id={cast.team.public_id}"
    assert ask(None, "GET", team, token=own.secret)[0] == 200
    leave = {"team_id": cast.team.public_id, "user_id": cast.member.email}
    assert ask("team_admin", "POST", "/team/member_delete", leave)[0] == 200
    assert ask(None, "GET", team, token=own.secret)[0] == 404, "recomputed at each use"


def test_rule_18_a_key_is_bound_to_what_the_request_names(api: Any, cast: Any) -> None:
    headers = {"Authorization": f"Bearer {cast.secrets['team_admin']}", "x-litellm-team-id": cast.team.public_id}

    def generate(body: Any) -> Any:
        content = json.dumps(body)
        return Client().post("/key/generate", content, content_type="application/json", headers=headers).json()

    assert generate({})["team_id"] is None
    assert generate({"team_id": cast.team.public_id})["team_id"] == cast.team.public_id


def test_rule_19_member_permissions_are_literal_lists_of_the_ten(ask: Call, cast: Any) -> None:
    body = {"team_alias": "fresh", "organization_id": cast.organization.public_id}
    team = ask("org_admin", "POST", "/team/new", body)[1]["team_id"]

    def listed() -> list[str]:
        found = ask("org_admin", "GET", f"/team/permissions_list?team_id={team}")[1]
        assert len(found["all_available_permissions"]) == TEN
        return list(found["team_member_permissions"])

    default = ["/key/info", "/key/health"]
    assert listed() == default
    for given, then in (([], []), (["/key/list"], ["/key/list"]), (None, default)):
        permissions = {"team_id": team, "team_member_permissions": given}
        assert ask("org_admin", "POST", "/team/permissions_update", permissions)[0] == 200
        assert listed() == then


def test_rule_20_a_member_sees_basics_and_no_money_of_others(ask: Call, cast: Any) -> None:
    shown = ask("member", "GET", f"/team/info?team_id={cast.team.public_id}")[1]["team_info"]
    assert not {"max_budget", "spend"} & set(shown)
    assert [member["user_id"] for member in shown["members_with_roles"]] == [cast.member.public_id]
    other = ask("member", "GET", f"/key/info?key={cast.keys['colleague_team'].token}")[1]["info"]
    assert other["spend"] is None
    assert cast.keys["colleague_team"].secret not in str(other)


def test_rule_21_names_are_unique_whatever_their_case(ask: Call, cast: Any) -> None:
    home = {"organization_id": cast.organization.public_id}
    taken = cast.there.organization.alias.upper()
    assert ask("master", "POST", "/organization/new", {"organization_alias": taken})[0] == 400
    assert ask("master", "POST", "/team/new", {**home, "team_alias": cast.other_team.alias.upper()})[0] == 400
    assert ask("master", "POST", "/project/new", {**home, "title": cast.other_project.alias.upper()})[0] == 400
    assert ask("master", "POST", "/key/generate", {**home, "key_alias": "COLLEAGUE-TEAM"})[0] == 400
    assert ask("master", "POST", "/user/new", {"user_email": cast.colleague.email.upper()})[0] == 409
    elsewhere = {"organization_id": cast.there.organization.public_id, "team_alias": cast.team.alias}
    assert ask("master", "POST", "/team/new", elsewhere)[0] == 200


def test_rule_22_a_key_is_narrowed_by_its_routes_and_never_widened(ask: Call, cast: Any) -> None:
    """What configuration does for a role, `allowed_routes` does for a key: names that are unknown are refused."""
    wide = {"allowed_routes": ["/organization/new", "/key/info"]}
    _, made = ask("member", "POST", "/key/generate", wide)
    assert ask(None, "POST", "/organization/new", {"organization_alias": "x"}, token=made["key"])[0] == 403
    assert ask(None, "GET", "/key/info", token=made["key"])[0] == 200
    assert ask(None, "GET", "/team/list", token=made["key"])[0] == 403
    assert ask("member", "POST", "/key/generate", {"allowed_routes": ["no such route"]})[0] == 400


def test_rule_23_access_groups_are_the_platforms_and_share_no_name_with_a_model(ask: Call, cast: Any) -> None:
    group = {"access_group": "cheap", "model_names": ["gpt-4o"]}
    assert ask("org_admin", "POST", "/access_group/new", group)[0] == 403
    assert ask("proxy_admin", "POST", "/access_group/new", group)[0] == 200
    assert ask("proxy_admin", "POST", "/access_group/new", {**group, "access_group": "gpt-4o"})[0] in (400, 409)


def test_rule_24_a_decision_holds_from_the_next_request_on(ask: Call, cast: Any) -> None:
    key = cast.keys["member_personal"]
    for path, status in (("/key/block", 401), ("/key/unblock", 200)):
        assert ask("org_admin", "POST", path, {"key": key.token})[0] == 200
        assert ask(None, "GET", "/key/info", token=key.secret)[0] == status


def test_rule_25_refusals_come_in_their_order(ask: Call, cast: Any) -> None:
    broken = {"data": b"{", "content_type": "application/json"}
    headers = {"Authorization": f"Bearer {cast.secrets['member']}"}
    assert Client().generic("POST", "/team/update", **broken).status_code == 401
    assert Client().generic("POST", "/team/update", headers=headers, **broken).status_code == 400
    assert ask("member", "POST", "/team/update", {"team_id": cast.team.public_id, "max_budget": -1})[0] == 422
    wrong = {"models": ["gpt-5"]}
    there, here, nowhere = cast.there.team.public_id, cast.team.public_id, "no-such-team"
    invisible, absent = (
        ask("member", "POST", "/team/update", {"team_id": ident, **wrong}) for ident in (there, nowhere)
    )
    assert invisible[0] == absent[0] == 404
    assert str(invisible[1]).replace(there, "<id>") == str(absent[1]).replace(nowhere, "<id>")
    assert ask("member", "POST", "/team/update", {"team_id": here, **wrong})[0] == 403
    assert ask("org_admin", "POST", "/team/update", {"team_id": here, **wrong})[0] == 400


@pytest.mark.parametrize(("place", "status"), [("here", 403), ("there", 404)])
def test_rule_26_a_refused_write_is_on_record_and_a_malformed_one_is_not(
    ask: Call, cast: Any, place: str, status: int
) -> None:
    team = getattr(cast, place).team
    assert ask("member", "POST", "/team/delete", {"team_ids": [team.public_id]})[0] == status
    event = AuditEvent.objects.get(outcome="refused")
    assert (event.status, event.actor_user_id) == (status, cast.member.pk)
    assert ask("member", "POST", "/team/delete", {"team_ids": 7})[0] == 422
    assert ask(None, "POST", "/team/delete", {"team_ids": ["x"]}, token="sk-unknown")[0] == 401
    assert AuditEvent.objects.count() == 1


@pytest.mark.parametrize(("budget", "status"), [(20, 400), (200, 200)])
def test_rule_27_a_team_of_100_needs_an_organization_of_200(ask: Call, cast: Any, budget: int, status: int) -> None:
    body = {"organization_alias": "walkthrough", "max_budget": budget}
    ident = ask("master", "POST", "/organization/new", body)[1]["organization_id"]
    team = {"team_alias": "walkthrough", "organization_id": ident, "max_budget": 100}
    assert ask("master", "POST", "/team/new", team)[0] == status


def test_rule_28_methods_and_pages_are_as_the_rule_says(ask: Call, cast: Any) -> None:
    by_path = {route.path: route for route in ROUTES}
    assert by_path["/key/health"].methods == READS
    for kind in ("organization", "team", "project", "user", "key"):
        assert set(by_path[f"/{kind}/update"].methods) == set(UPDATES)
        assert set(by_path[f"/{kind}/delete"].methods) == set(DELETES)
        assert set(by_path[f"/{kind}/list"].methods) == set(READS)
    assert ask("master", "GET", "/key/list?page=101&size=100")[0] == 400
    assert ask("master", "GET", "/key/list?page=100&size=100")[0] == 200
    for method in ("GET", "POST"):
        assert ask("member", method, "/key/health")[1]["key"] == "healthy"


def test_rule_29_everything_is_free(db: None) -> None:
    text = json.dumps(schema()).lower()
    assert not [word for word in ("licence", "license", "enterprise", "premium") if word in text]
    assert not [
        path for path, methods in schema()["paths"].items() for m in methods.values() if "402" in m["responses"]
    ]
    assert Key._meta.get_field("token")  # the product is here, and asks for nothing
