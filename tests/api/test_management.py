"""The newer routes: pages with links, refusals as problems."""

from typing import Any

from keys.models import Key
from tests.factories import service_key


def test_pages_carry_their_links(api: Any, cast: Any) -> None:
    path = "/management/v1/users?page=2&page_size=2"
    answer = api("GET", path, as_="org_admin").json()
    assert len(answer["data"]) == 2
    assert answer["meta"]["page"] == 2
    pages = answer["meta"]["total_pages"]
    assert answer["links"] == {
        "self": path,
        "first": "/management/v1/users?page=1&page_size=2",
        "last": f"/management/v1/users?page={pages}&page_size=2",
        "prev": "/management/v1/users?page=1&page_size=2",
        "next": "/management/v1/users?page=3&page_size=2",
    }
    seen, at = [], answer["links"]["first"]
    while at:
        page = api("GET", at, as_="org_admin").json()
        seen += [row["user_id"] for row in page["data"]]
        at = page["links"]["next"]
    listed = api("GET", "/user/list?page_size=100", as_="org_admin").json()["users"]
    assert sorted(seen) == sorted(row["user_id"] for row in listed)


def test_a_refusal_is_a_problem(api: Any, cast: Any) -> None:
    answer = api("GET", "/management/v1/users", as_="member")
    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["type"], problem["title"], problem["status"]) == ("about:blank", "Forbidden", 403)
    assert problem["decision"]["action"] == "view_people"


def test_oneself(api: Any, cast: Any) -> None:
    assert api("GET", "/management/v1/users/me", as_="member").json()["user_id"] == cast.member.email
    robot: Key = service_key(team=cast.team, alias="another robot")
    answer = api("GET", "/management/v1/users/me", token=robot.secret)  # type: ignore[attr-defined]
    assert (answer.status_code, answer.json()["detail"]) == (400, "This key belongs to nobody.")
