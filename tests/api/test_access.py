"""Why, and who: for oneself everybody, for others whoever may explain access there."""

from typing import Any

import pytest

from rbacadmin.policy import Action


def ask(api: Any, as_: str, **body: Any) -> Any:
    return api("POST", "/access/explain", body, as_=as_)


@pytest.mark.parametrize(
    "name", ["proxy_admin", "auditor", "org_admin", "reader", "member", "loner", "viewer", "project_owner"]
)
def test_everybody_may_ask_about_themselves(api: Any, name: str) -> None:
    answer = ask(api, name, action="create_organizations")
    assert answer.status_code == 200
    assert answer.json()["allowed"] is (name == "proxy_admin")
    assert "proxy_admin" in answer.json()["roles_that_could"] or name == "proxy_admin"


def test_an_answer_gives_reasons_and_who_could(api: Any, cast: Any) -> None:
    about = {"action": "manage_members", "kind": "team", "object": cast.team.public_id}
    yes = ask(api, "team_admin", **about).json()
    assert yes["allowed"] is True
    assert yes["reasons"] == [{"kind": "role", "name": "admin", "scope": f"team:{cast.team.pk}", "until": None}]
    no = ask(api, "member", **about).json()
    assert no["allowed"] is False
    assert no["who_could"] == []  # a member sees no people
    assert "team admin" in no["roles_that_could"]


def test_others_are_explained_to_their_admins_only(api: Any, cast: Any) -> None:
    about = {"action": "manage_members", "kind": "team", "object": cast.team.public_id, "person": cast.member.email}
    answer = ask(api, "team_admin", **about)
    assert answer.status_code == 200
    assert answer.json()["subject"] == cast.member.email
    assert ask(api, "org_admin", **about).status_code == 200
    assert ask(api, "colleague", **about).status_code == 404
    assert ask(api, "stranger", **about).status_code == 404
    assert ask(api, "member", **about).status_code == 200  # oneself, named


def test_a_person_next_door_is_like_nobody(api: Any, cast: Any) -> None:
    about = {"action": "see_teams", "kind": "team", "object": cast.team.public_id}
    theirs = ask(api, "org_admin", **about, person=cast.there.member.email)
    nobody = ask(api, "org_admin", **about, person="nobody@example.com")
    assert (theirs.status_code, nobody.status_code) == (404, 404)


@pytest.mark.parametrize("kind", ["organization", "team", "project", "key", "user"])
def test_an_invisible_object_is_404(api: Any, cast: Any, kind: str) -> None:
    theirs = {**vars(cast.there), "key": cast.there.keys["member_team"], "user": cast.there.member}[kind]
    assert ask(api, "org_admin", action="view_keys", kind=kind, object=theirs.public_id).status_code == 404
    path = f"/access/who-can?action=view_keys&kind={kind}&object={theirs.public_id}"
    assert api("GET", path, as_="org_admin").status_code == 404


def test_the_platform_is_explained_to_those_who_see_it_all(api: Any, cast: Any) -> None:
    assert ask(api, "auditor", action="create_organizations", person=cast.member.email).status_code == 200
    assert ask(api, "org_admin", action="create_organizations", person=cast.member.email).status_code == 403
    assert api("GET", "/access/who-can?action=create_organizations", as_="auditor").json()["people"]
    assert api("GET", "/access/who-can?action=create_organizations", as_="org_admin").status_code == 403


def test_who_can(api: Any, cast: Any) -> None:
    path = f"/access/who-can?action=manage_members&kind=team&object={cast.team.public_id}"
    people = api("GET", path, as_="team_admin").json()
    found = {person["user_email"] for person in people["people"]}
    assert {cast.team_admin.email, cast.second_team_admin.email} <= found
    assert cast.proxy_admin.email not in found  # not somebody a team admin sees
    assert people["truncated"] is False
    assert cast.proxy_admin.email in api("GET", path, as_="proxy_admin").content.decode()
    assert api("GET", path, as_="member").status_code == 403


def test_unknown_words_are_refused_with_the_known_ones(api: Any, cast: Any) -> None:
    answer = ask(api, "member", action="rule_the_world")
    assert answer.status_code == 422
    assert Action.MANAGE_MEMBERS.value in answer.json()["detail"][0]["msg"]
    odd = ask(api, "member", action="view_keys", kind="planet", object="x")
    assert odd.status_code == 400
    assert "organization" in odd.json()["error"]["message"]
    assert ask(api, "member", action="view_keys", object="x").status_code == 400


def test_an_answer_about_a_key_and_a_model_names_the_level_that_refuses(api: Any, cast: Any) -> None:
    key = cast.keys["member_team"]
    about = {"action": "call_models", "kind": "key", "object": key.public_id}
    assert ask(api, "member", **about, model="gpt-4o").json()["allowed"] is True
    for name in ("member", "team_admin", "org_admin"):
        no = ask(api, name, **about, model="o3").json()
        assert no["allowed"] is False
        assert (no["refusal"]["level"], no["refusal"]["status"]) == ("organization", 403)
        assert no["refusal"]["type"] == "org_model_access_denied"
    assert ask(api, "colleague", **about, model="o3").status_code == 403  # sees the key, may not explain it
    assert ask(api, "member", action="view_keys", kind="key", object=key.public_id, model="o3").status_code == 400
