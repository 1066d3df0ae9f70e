"""Lists: what is in them, how they are cut, and that they cost the same at 3 rows and at 30."""

from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import KeyFactory, OrganizationFactory, TeamFactory, UserFactory, join

LISTS = {
    "/organization/list": "org_admin",
    "/v2/organization/list?page_size=100": "org_admin",
    "/team/list": "org_admin",
    "/v2/team/list?page_size=100": "team_admin",
    "/user/list?page_size=100": "org_admin",
    "/key/list?size=100&return_full_object=true": "team_admin",
    "/key/list?size=100": "member",
    "/organization/info?organization_id={organization}": "org_admin",
    "/team/info?team_id={team}": "team_admin",
    "/user/info": "member",
    "/access/who-can?action=see_teams&kind=team&object={team}": "org_admin",
}


def grow(cast: Any, count: int) -> None:
    """More of everything, in the scopes that everybody looks at."""
    for _ in range(count):
        person = UserFactory()
        join(person, cast.team, "user")
        KeyFactory(user=person, team=cast.team, organization=cast.organization)
        KeyFactory(user=cast.member, team=cast.team, organization=cast.organization)
        team = TeamFactory(organization=cast.organization)
        for name in ("team_admin", "member"):
            join(getattr(cast, name), team, "user")
        KeyFactory(user=cast.member, team=team, organization=cast.organization)
        organization = OrganizationFactory()
        join(cast.org_admin, organization, "org_admin")


def queries(api: Any, path: str, name: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = api("GET", path, as_=name)
    assert answer.status_code == 200
    return len(captured)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_costs_the_same_at_3_rows_and_at_30(api: Any, cast: Any, path: str) -> None:
    url = path.format(organization=cast.organization.public_id, team=cast.team.public_id)
    grow(cast, 3)
    queries(api, url, LISTS[path])  # notes that the key was used, once a minute
    few = queries(api, url, LISTS[path])
    grow(cast, 27)
    many = queries(api, url, LISTS[path])
    assert many == few
    assert few <= 20


def test_keys_come_in_litellms_page_style(api: Any, cast: Any) -> None:
    grow(cast, 12)
    first = api("GET", "/key/list?size=5", as_="team_admin").json()
    assert set(first) == {"keys", "total_count", "current_page", "total_pages"}
    assert (len(first["keys"]), first["current_page"]) == (5, 1)
    assert first["total_pages"] == -(-first["total_count"] // 5)
    assert all(isinstance(token, str) and len(token) == 64 for token in first["keys"])
    second = api("POST", "/key/list", {"size": 5, "page": 2}, as_="team_admin").json()
    assert not set(first["keys"]) & set(second["keys"])


def test_people_come_in_the_other_page_style(api: Any, cast: Any) -> None:
    answer = api("GET", "/user/list?page_size=3&sort_by=user_id&sort_order=asc", as_="org_admin").json()
    assert set(answer) == {"users", "total", "page", "page_size", "total_pages"}
    ids = [user["user_id"] for user in answer["users"]]
    assert ids == sorted(ids)
    assert len(ids) == 3


def test_a_stranger_is_absent_and_not_counted(api: Any, cast: Any) -> None:
    answer = api("GET", "/user/list?page_size=100", as_="org_admin").json()
    seen = {user["user_email"] for user in answer["users"]}
    assert cast.there.member.email not in seen
    assert answer["total"] == len(seen)
    organizations = api("GET", "/organization/list", as_="org_admin").json()
    assert [row["organization_id"] for row in organizations] == [cast.organization.public_id]


def test_filters_open_nothing(api: Any, cast: Any) -> None:
    there = cast.there
    assert api("GET", f"/key/list?team_id={there.team.public_id}", as_="org_admin").json()["total_count"] == 0
    assert api("GET", f"/key/list?user_id={there.member.public_id}", as_="org_admin").json()["total_count"] == 0
    assert api("GET", f"/team/list?organization_id={there.organization.public_id}", as_="org_admin").json() == []
    assert api("GET", f"/user/list?team={there.team.public_id}", as_="org_admin").json()["total"] == 0
    assert api("GET", f"/organization/list?org_id={there.organization.public_id}", as_="org_admin").json() == []


def test_a_member_cannot_find_out_who_else_is_in_the_team(api: Any, cast: Any) -> None:
    assert api("GET", f"/team/list?user_id={cast.colleague.public_id}", as_="member").json() == []
    mine = api("GET", f"/team/list?user_id={cast.member.public_id}", as_="member").json()
    assert [row["team_id"] for row in mine] == [cast.team.public_id]


def test_keys_are_filtered(api: Any, cast: Any) -> None:
    def aliases(query: str) -> list[str]:
        found = api("GET", f"/key/list?size=100&return_full_object=true&{query}", as_="org_admin").json()["keys"]
        return sorted(row["key_alias"] or "" for row in found)

    assert aliases(f"team_id={cast.team.public_id}&user_id={cast.member.email}") == ["member-team"]
    assert aliases("key_alias=MEMBER-TEAM") == ["member-team"]
    assert "granted-team" in aliases("key_alias=team&substring_matching=true")
    assert aliases(f"key_hash={cast.keys['member_team'].token}") == ["member-team"]
    KeyFactory(user=cast.member, organization=cast.organization, alias="shut", blocked_by="organization")
    assert aliases("status=blocked") == ["shut"] == aliases("status=revoked")
    assert "shut" not in aliases("status=active")


def test_teams_without_an_organization(master: Any) -> None:
    TeamFactory(organization=None, alias="alone")
    found = master("GET", "/team/list?organization_id=default_organization").json()
    assert [row["team_alias"] for row in found] == ["alone"]


@pytest.mark.parametrize(
    "query", ["page=0", "size=0", "size=101", "page=10001", "page=x", "sort_by=secret", "sort_by=alias_key"]
)
def test_pages_and_sorting_have_bounds(master: Any, query: str) -> None:
    assert master("GET", f"/key/list?{query}").status_code == 422


def test_page_numbers_reach_ten_thousand_rows(master: Any) -> None:
    answer = master("GET", "/key/list?size=100&page=101")
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "page"


@pytest.mark.parametrize(
    ("path", "paged"), [("/team/list", "/v2/team/list"), ("/organization/list", "/v2/organization/list")]
)
def test_a_bare_array_that_is_too_long_names_the_paged_route(master: Any, cast: Any, path: str, paged: str) -> None:
    with mock.patch("api.lists.MAX_OFFSET", 1):
        answer = master("GET", path)
    assert answer.status_code == 400
    assert paged in answer.json()["detail"]["error"]
