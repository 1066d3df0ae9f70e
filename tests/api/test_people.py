"""Adding people: lists are all or nothing, and an address known elsewhere looks like a new one."""

from typing import Any

import pytest

from rbacadmin.models import AuditEvent
from teams.models import Membership, Team, User


def add(api: Any, cast: Any, member: Any, as_: str = "team_admin", **more: Any) -> Any:
    return api("POST", "/team/member_add", {"team_id": cast.team.public_id, "member": member, **more}, as_=as_)


def test_a_list_is_added_whole(api: Any, cast: Any) -> None:
    answer = add(
        api, cast, [{"role": "user", "user_email": "A@Example.com"}, {"role": "admin", "user_id": "b@example.com"}]
    )
    assert [user["user_id"] for user in answer.json()["updated_users"]] == ["a@example.com", "b@example.com"]


def test_a_list_with_one_refusal_adds_nobody(api: Any, cast: Any) -> None:
    members = [{"role": "user", "user_id": "a@example.com"}, {"role": "emperor", "user_id": "b@example.com"}]
    assert add(api, cast, members).status_code == 400
    assert not User.objects.filter(email="a@example.com").exists()


def test_in_a_list_members_are_passed_over_unless_all_are(api: Any, cast: Any) -> None:
    known = {"role": "user", "user_id": cast.member.email}
    mixed = add(api, cast, [known, {"role": "user", "user_id": "new@example.com"}])
    assert [user["user_id"] for user in mixed.json()["updated_users"]] == ["new@example.com"]
    assert add(api, cast, [known]).status_code == 400


def test_an_address_known_elsewhere_answers_like_a_new_one(api: Any, cast: Any) -> None:
    def answer(address: str) -> str:
        body = add(api, cast, {"role": "user", "user_email": address}).json()
        kept = [
            body["updated_users"],
            [{**row, "created_at": 0, "updated_at": 0} for row in body["updated_team_memberships"]],
        ]
        return str(kept).replace(address, "ADDRESS")

    assert answer(cast.there.member.email) == answer("nobody-knows@example.com")


def test_an_id_and_an_address_of_different_people(master: Any, cast: Any) -> None:
    body = {
        "team_id": cast.team.public_id,
        "member": {"role": "user", "user_id": "x@example.com", "user_email": "y@example.com"},
    }
    answer = master("POST", "/team/member_add", body)
    assert answer.status_code == 400
    assert not User.objects.filter(email__in=["x@example.com", "y@example.com"]).exists()


def test_nobody_named_is_400(api: Any, cast: Any) -> None:
    assert add(api, cast, {"role": "user"}).status_code == 400


def test_an_unknown_id_that_is_no_address_is_404(api: Any, cast: Any) -> None:
    assert add(api, cast, {"role": "user", "user_id": "u-17"}).status_code == 404


def test_personal_limits_in_the_team(api: Any, cast: Any) -> None:
    answer = add(
        api,
        cast,
        {"role": "user", "user_id": "n@example.com"},
        max_budget_in_team=5,
        allowed_models=["gpt-4"],
        rpm_limit=3,
    )
    row = answer.json()["updated_team_memberships"][0]
    assert (row["max_budget"], row["models"], row["rpm_limit"]) == (5.0, ["gpt-4"], 3)
    above = add(api, cast, {"role": "user", "user_id": "m@example.com"}, max_budget_in_team=5000)
    assert above.status_code == 400
    assert above.json()["detail"]["param"] == "max_budget_in_team"


def test_defaults_for_new_members(api: Any, master: Any, cast: Any) -> None:
    body = {
        "team_alias": "d",
        "organization_id": cast.organization.public_id,
        "team_member_budget": 2,
        "team_member_rpm_limit": 7,
    }
    row = master("POST", "/team/new", {**body, "members": ["n@example.com"]}).json()
    assert row["team_member_budget_table"]["max_budget"] == 2.0
    membership = Membership.objects.get(team__public_id=row["team_id"])
    assert (membership.max_budget, membership.rpm_limit) == (2 * 10**9, 7)
    forgotten = {"team_id": row["team_id"], "team_member_budget": None}
    table = master("POST", "/team/update", forgotten).json()["data"]["team_member_budget_table"]
    assert (table.get("max_budget"), table["rpm_limit"]) == (None, 7)
    assert Team.objects.get(public_id=row["team_id"]).member_defaults == {"rpm_limit": 7}


def test_a_team_with_people_is_made_whole_or_not_at_all(api: Any, cast: Any) -> None:
    body = {
        "team_alias": "half",
        "organization_id": cast.organization.public_id,
        "members": ["ok@example.com", "no-such-id"],
    }
    assert api("POST", "/team/new", body, as_="org_admin").status_code == 404
    assert not Team.objects.filter(alias="half").exists()


def test_creating_a_team_adds_nobody_who_is_not_named(api: Any, cast: Any) -> None:
    body = {"team_alias": "empty", "organization_id": cast.organization.public_id}
    assert api("POST", "/team/new", body, as_="org_admin").json()["members_with_roles"] == []


def test_a_person_comes_with_a_first_key(master: Any, api: Any, cast: Any) -> None:
    body = {"user_email": "New@Example.com", "user_alias": "Newton", "organizations": [cast.organization.public_id]}
    row = master("POST", "/user/new", {**body, "teams": [cast.team.public_id]}).json()
    assert (row["user_id"], row["user_email"], row["user_role"]) == (
        "new@example.com",
        "new@example.com",
        "internal_user",
    )
    mine = api("GET", "/user/info", token=row["key"]).json()
    assert mine["user_info"]["user_alias"] == "Newton"
    assert [team["team_id"] for team in mine["teams"]] == [cast.team.public_id]


def test_or_without_one(master: Any) -> None:
    row = master("POST", "/user/new", {"user_id": "u-1", "auto_create_key": False}).json()
    assert (row["user_id"], row["user_email"], row["key"]) == ("u-1", None, None)
    assert master("GET", "/user/info?user_id=u-1").json()["user_info"]["user_email"] is None


def test_an_org_admin_creates_people_in_their_organization_only(api: Any, cast: Any) -> None:
    here, there = cast.organization.public_id, cast.there.organization.public_id
    assert (
        api("POST", "/user/new", {"user_email": "a@x.com", "organization_id": here}, as_="org_admin").status_code == 200
    )
    assert (
        api("POST", "/user/new", {"user_email": "b@x.com", "organization_id": there}, as_="org_admin").status_code
        == 404
    )
    assert api("POST", "/user/new", {"user_email": "c@x.com"}, as_="org_admin").status_code == 403
    admin = {"user_email": "d@x.com", "organization_id": here, "user_role": "proxy_admin"}
    assert api("POST", "/user/new", admin, as_="org_admin").status_code == 403
    assert User.objects.filter(email__endswith="@x.com").count() == 1


@pytest.mark.parametrize("name", ["member", "team_admin", "project_owner", "viewer", "loner"])
def test_nobody_else_creates_people(api: Any, cast: Any, name: str) -> None:
    answer = api("POST", "/user/new", {"user_email": "a@x.com"}, as_=name)
    assert answer.status_code == 403
    assert AuditEvent.objects.filter(event="user.create", outcome="refused", status=403).exists()


def test_oneself_and_others(api: Any, cast: Any) -> None:
    assert api("GET", "/user/info", as_="member").json()["user_id"] == cast.member.public_id
    assert api("GET", f"/user/info?user_id={cast.member.email}", as_="team_admin").status_code == 200
    assert api("GET", f"/user/info?user_id={cast.colleague.email}", as_="member").status_code == 404
    assert api("GET", f"/user/info?user_id={cast.there.member.email}", as_="org_admin").status_code == 404


@pytest.mark.parametrize("name", ["reader", "member", "granted", "project_member", "loner", "viewer"])
def test_who_manages_nobody_lists_nobody(api: Any, name: str) -> None:
    answer = api("GET", "/user/list", as_=name)
    assert answer.status_code == 403
    assert answer.json()["detail"]["decision"]["action"] == "view_people"


@pytest.mark.parametrize("path", ["/user/list?page_size=100", "/user/list?page_size=100&sort_by=updated_at"])
def test_no_order_of_people_tells_who_was_elsewhere_before(api: Any, cast: Any, path: str) -> None:
    """Rulebook 8: an address that another organization knew stands in the list as a new one does."""
    places = []
    for born in (2001, 2099):
        User.objects.filter(pk=cast.colleague.pk).update(
            created_at=f"{born}-01-01T00:00Z", updated_at=f"{born}-01-01T00:00Z"
        )
        users = api("GET", path, as_="org_admin").json()["users"]
        places.append([row["user_id"] for row in users])
    assert places[0] == places[1]
