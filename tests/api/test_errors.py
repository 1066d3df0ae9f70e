"""How refusals look: shape A and B, 403 with its decision, 404 that tells nothing, 422 that repeats no secret."""

import json
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError
from django.test import Client

from tests.factories import KeyFactory

SECRET = "sk-u_0123456789abcdefghijklmnopqrstuv"


def test_403_in_shape_a_carries_the_decision(api: Any, cast: Any) -> None:
    answer = api("POST", "/team/update", {"team_id": cast.team.public_id, "team_alias": "mine"}, as_="member")
    assert answer.status_code == 403
    error = answer.json()["error"]
    assert (error["type"], error["code"]) == ("auth_error", "403")
    assert error["decision"]["action"] == "change_teams"
    assert error["decision"]["allowed"] is False
    assert "team admin" in error["decision"]["roles_that_could"]


def test_403_in_shape_b_carries_the_decision(api: Any, cast: Any) -> None:
    answer = api("POST", "/organization/new", {"organization_alias": "mine"}, as_="org_admin")
    assert answer.status_code == 403
    assert answer.json()["detail"]["decision"]["action"] == "create_organizations"
    assert "may not" in answer.json()["detail"]["error"]


def test_a_refused_key_action_on_a_team_names_the_route(api: Any, cast: Any) -> None:
    key = cast.keys["colleague_team"]
    answer = api("POST", "/key/delete", {"keys": [key.token]}, as_="member")
    assert answer.status_code == 403
    error = answer.json()["error"]
    assert (error["type"], error["param"]) == ("team_member_permission_error", "/key/delete")


@pytest.mark.parametrize(
    ("path", "field", "attribute"),
    [
        ("/team/info", "team_id", "team"),
        ("/organization/info", "organization_id", "organization"),
        ("/team/permissions_list", "team_id", "team"),
    ],
)
def test_what_is_invisible_answers_exactly_like_a_random_id(
    api: Any, cast: Any, path: str, field: str, attribute: str
) -> None:
    theirs = getattr(cast.there, attribute).public_id
    random = str(uuid4())
    answers = [api("GET", f"{path}?{field}={ident}", as_="org_admin") for ident in (theirs, random)]
    assert [answer.status_code for answer in answers] == [404, 404]
    texts = [
        answer.content.decode().replace(ident, "ID") for answer, ident in zip(answers, (theirs, random), strict=True)
    ]
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/team/update", {"team_alias": "x"}),
        ("/team/member_add", {"member": {"role": "user", "user_id": "a@example.com"}}),
        ("/team/permissions_update", {"team_member_permissions": []}),
        ("/key/generate", {}),
    ],
)
def test_writes_to_a_foreign_team_are_404(api: Any, cast: Any, path: str, body: dict[str, Any]) -> None:
    answer = api("POST", path, {**body, "team_id": cast.there.team.public_id}, as_="org_admin")
    assert answer.status_code == 404
    assert "not_found_error" in answer.content.decode() or "detail" in answer.json()


@pytest.mark.parametrize(
    "path", ["/key/info", "/key/health", "/key/update", "/key/block", "/key/unblock", "/key/delete"]
)
def test_a_foreign_key_is_404_whatever_names_it(api: Any, cast: Any, path: str) -> None:
    key = KeyFactory(user=cast.there.member, team=cast.there.team, organization=cast.there.organization)
    for ident in (key.token, key.public_id, key.prefixed_id, key.secret):
        if path in ("/key/info", "/key/health"):
            answer = api("GET", f"{path}?key={ident}", as_="org_admin")
        else:
            answer = api("POST", path, {"keys": [ident]} if path == "/key/delete" else {"key": ident}, as_="org_admin")
        assert answer.status_code == 404
        assert key.secret not in answer.content.decode()


def test_a_refused_write_by_secret_leaves_no_secret_in_the_record(api: Any, cast: Any) -> None:
    from rbacadmin.models import AuditEvent

    key = KeyFactory(user=cast.there.member, team=cast.there.team, organization=cast.there.organization)
    api("POST", "/key/block", {"key": key.secret}, as_="org_admin")
    event = AuditEvent.objects.filter(outcome="refused").latest("created_at")
    assert event.status == 404
    assert key.secret not in json.dumps(event.details) + event.object_label


def test_422_lists_what_does_not_fit(master: Any) -> None:
    answer = master("POST", "/team/new", {"max_budget": -1, "rpm_limit": 2**60, "models": "gpt-4"})
    assert answer.status_code == 422
    found = {error["loc"][1]: error for error in answer.json()["detail"]}
    assert set(found) == {"team_alias", "max_budget", "rpm_limit", "models"}
    assert found["team_alias"]["type"] == "missing"
    assert found["max_budget"]["input"] == -1
    assert all(error["loc"][0] == "body" and set(error) == {"loc", "msg", "type", "input"} for error in found.values())


def test_422_of_a_query_says_query(master: Any) -> None:
    answer = master("GET", "/team/info")
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["query", "team_id"]


@pytest.mark.parametrize(
    "body",
    [
        {"key_alias": [SECRET]},
        {"metadata": SECRET},
        {"models": {SECRET: 1}},
        {"key_alias": {"password": "hunter2 and more"}},
        {"tags": [{"api_key": "hunter2 and more"}]},
    ],
)
def test_422_repeats_no_secret(master: Any, body: dict[str, Any]) -> None:
    answer = master("POST", "/key/generate", body)
    assert answer.status_code == 422
    assert SECRET not in answer.content.decode()
    assert "hunter2" not in answer.content.decode()


@pytest.mark.parametrize("budget", ["NaN", "Infinity", "1e999", "-1", "-0.01", "1e300", '"lots"', "true1"])
def test_budgets_are_finite_and_not_negative(master: Any, budget: str) -> None:
    answer = master("POST", "/team/new", f'{{"team_alias": "x", "max_budget": {budget}}}')
    assert answer.status_code in (400, 422)


def test_a_duplicate_name_is_400_with_the_field_as_the_client_knows_it(master: Any, cast: Any) -> None:
    answer = master("POST", "/organization/new", {"organization_alias": cast.organization.alias.upper()})
    assert answer.status_code == 400
    assert answer.json()["detail"]["param"] == "organization_alias"


def test_a_duplicate_person_is_409(master: Any, cast: Any) -> None:
    answer = master("POST", "/user/new", {"user_email": cast.member.email.upper()})
    assert answer.status_code == 409
    assert answer.json()["error"]["param"] == "user_email"


def test_a_member_added_twice_is_400_with_litellms_type(api: Any, cast: Any) -> None:
    member = {"role": "user", "user_id": cast.member.email}
    answer = api("POST", "/team/member_add", {"team_id": cast.team.public_id, "member": member}, as_="team_admin")
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["type"], error["param"], error["code"]) == ("team_member_already_in_team", "member", "400")


def test_an_unknown_role_is_400_listing_the_accepted_words(api: Any, cast: Any) -> None:
    for role in ("proxy_admin", "king", "org_admin"):
        body = {"team_id": cast.team.public_id, "member": {"role": role, "user_id": "new@example.com"}}
        answer = api("POST", "/team/member_add", body, as_="team_admin")
        assert answer.status_code == 400
        for word in ("admin", "user", "member", "internal_user"):
            assert word in answer.json()["detail"]["error"]


@pytest.mark.parametrize("role", ["OWNER", "org_admin", "Reader", "member", "internal_user"])
def test_organization_roles_are_taken_in_every_accepted_word(api: Any, cast: Any, role: str) -> None:
    body = {"organization_id": cast.organization.public_id, "member": {"role": role, "user_email": "new@example.com"}}
    answer = api("POST", "/organization/member_add", body, as_="org_admin")
    assert answer.status_code == 200
    expected = "org_admin" if role.lower() in ("owner", "org_admin") else "internal_user"
    assert answer.json()["updated_organization_memberships"][0]["user_role"] == expected


def test_a_database_that_is_away_is_503(cast: Any) -> None:
    headers = {"Authorization": f"Bearer {cast.secrets['org_admin']}"}
    with mock.patch("api.auth.actor_for_bearer", side_effect=OperationalError("database is locked")):
        answer = Client().get("/key/list", headers=headers)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "locked" not in answer.content.decode()


def test_two_at_the_same_moment_are_409(master: Any) -> None:
    with mock.patch(
        "orgs.services.create_organization", side_effect=IntegrityError("UNIQUE constraint failed: secret_table")
    ):
        answer = master("POST", "/organization/new", {"organization_alias": "x"})
    assert answer.status_code == 409
    assert "secret_table" not in answer.content.decode()


def test_a_query_of_two_thousand_parameters_is_400(master: Any) -> None:
    answer = master("GET", "/key/list?" + "&".join(f"a{n}=1" for n in range(2000)))
    assert answer.status_code == 400


@pytest.mark.parametrize("query", ["?format=xml", ""])
def test_json_goes_out_whatever_is_asked_for(cast: Any, query: str) -> None:
    headers = {"Authorization": f"Bearer {cast.secrets['member']}", "Accept": "text/html"}
    answer = Client().get(f"/key/list{query}", headers=headers)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "no-store"


def test_a_bug_is_500_in_the_envelope_without_details(cast: Any) -> None:
    headers = {"Authorization": f"Bearer {cast.secrets['org_admin']}"}
    with mock.patch("api.auth.actor_for_bearer", side_effect=RuntimeError("the password is hunter2")):
        answer = Client(raise_request_exception=False).get("/key/list", headers=headers)
    assert answer.status_code == 500
    assert answer.json()["error"]["type"] == "internal_server_error"
    assert "hunter2" not in answer.content.decode()
