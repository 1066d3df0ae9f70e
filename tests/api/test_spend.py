"""The spend routes: shapes, sums, days, and what is nobody else's business."""

from datetime import UTC, date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from api.litellm.spend import answers, days
from gateway.models import CatalogModel, DailyUsage, Spend, Usage
from keys.services import delete_keys
from tests.factories import KeyFactory
from tests.usage import Use, book
from tests.world import World


def today() -> date:
    return timezone.now().astimezone(UTC).date()


@pytest.fixture
def used(cast: World) -> World:
    """Two days of use: of a member, a colleague, a robot and a project here, and of a team next door."""
    keys, yesterday = cast.here.keys, today() - timedelta(days=1)
    keys["member_team"].tags, keys["team_service"].tags = ["chat", "beta"], ["chat"]
    book([
        Use(keys["member_team"], 1, today()), Use(keys["member_team"], 2, yesterday, "claude"),
        Use(keys["colleague_team"], 4, today()), Use(keys["team_service"], 8, yesterday),
        Use(keys["project_member_project"], 16, today(), "claude"), Use(keys["member_personal"], 32, today()),
        Use(cast.there.keys["member_team"], 64, today(), "globex-own"),
    ])  # fmt: skip
    return cast


def get(api: Any, path: str, name: str) -> Any:
    answer = api("GET", path, as_=name)
    assert answer.status_code == 200, answer.content
    return answer.json()


def total(rows: Any, field: str = "spend") -> float:
    return float(sum(row[field] for row in rows))


@pytest.mark.parametrize(
    ("name", "spend"),
    [("proxy_admin", 127), ("auditor", 127), ("org_admin", 63), ("team_admin", 15), ("project_owner", 16)]
    + [("member", 35), ("colleague", 4), ("reader", 0), ("loner", 0), ("stranger", 64)],
)
def test_without_a_filter_everybody_gets_the_keys_whose_spend_they_see(
    used: World, api: Any, name: str, spend: float
) -> None:
    assert total(get(api, "/spend/logs", name)) == spend
    page = get(api, "/spend/logs/v2?page_size=100", name)
    assert total(page["data"]) == spend
    assert page["total"] == len(page["data"])
    days = get(api, f"/spend/logs?start_date={today() - timedelta(days=1)}", name)
    assert total(days) == spend
    assert total(get(api, "/spend/keys", name)) == spend


def test_rows_say_where_a_key_lives_and_days_what_was_used(used: World, api: Any) -> None:
    row = get(api, f"/spend/logs?api_key={used.here.keys['member_team'].token}", "member")[0]
    key = used.here.keys["member_team"]
    assert (row["api_key"], row["key_alias"], row["team_id"]) == (key.token, "member-team", used.team.public_id)
    assert (row["user"], row["model"], row["spend"]) == (used.member.public_id, "gpt-4", 1)
    assert (row["total_tokens"], row["status"], row["startTime"][:10]) == (120, "success", str(today()))
    days = get(api, f"/spend/logs?team_id={used.team.public_id}&end_date={today()}", "team_admin")
    assert [(day["startTime"], day["spend"]) for day in days] == [
        (str(today() - timedelta(days=1)), 10), (str(today()), 5)
    ]  # fmt: skip
    assert days[0]["models"] == {"claude": 2, "gpt-4": 8}


def test_single_calls_are_found_by_what_only_they_know(used: World, api: Any) -> None:
    for name, tags in (("member_team", ["chat", "beta"]), ("team_service", ["chat"])):
        Usage.objects.filter(key_id=used.here.keys[name].pk).update(tags=tags)
    Usage.objects.filter(cost=4 * 10**9).update(status="failure", customer="acme", request_id="r4")
    for query, spend in (
        *(("request_id=r4", 4), ("status=failure", 4), ("end_user=acme", 4), ("min_spend=4&max_spend=8", 12)),
        *(("tag=chat", 11), ("tag=beta&model=claude", 2), ("tag=cha", 0), ("key_alias=Member-Team", 3)),
        ("request_id=unheard-of", 0),
    ):
        for path in (f"/spend/logs?{query}", f"/spend/logs/v2?{query}&page_size=100"):
            rows = get(api, path, "team_admin")
            assert total(rows if isinstance(rows, list) else rows["data"]) == spend, path
    row = get(api, "/spend/logs?request_id=r4", "team_admin")[0]
    assert (row["end_user"], row["status"], row["request_tags"]) == ("acme", "failure", [])
    assert get(api, "/spend/logs?request_id=r4", "member") == [], "a colleague's call is nobody else's business"


def test_several_filters_narrow_to_the_keys_that_fit_all(used: World, api: Any) -> None:
    both = f"team_id={used.team.public_id}&user_id={used.member.email}"
    assert total(get(api, f"/spend/logs?{both}", "team_admin")) == 3
    assert total(get(api, f"/spend/logs?{both}", "member")) == 3
    assert total(get(api, f"/spend/logs?{both}&model=claude", "org_admin")) == 2
    assert (
        total(get(api, f"/spend/logs?team_id={used.team.public_id}&user_id={used.colleague.email}", "org_admin")) == 4
    )
    for name in ("colleague", "stranger"):
        assert api("GET", f"/spend/logs?{both}", as_=name).status_code == 404, "that person is not there for them"


def test_other_peoples_spend_is_their_own_business(used: World, api: Any) -> None:
    for name, status in (("team_admin", 403), ("org_admin", 403), ("colleague", 404), ("auditor", 200)):
        path = f"/spend/logs?user_id={used.member.email}"
        assert api("GET", path, as_=name).status_code == status, name
    key = used.here.keys["colleague_team"]
    assert api("GET", f"/spend/logs?api_key={key.token}", as_="member").status_code == 403
    assert api("GET", f"/spend/logs?api_key={key.token}", as_="project_owner").status_code == 404


def test_what_gone_keys_spent_stays_with_the_scope(used: World, api: Any) -> None:
    before = total(get(api, f"/spend/logs?team_id={used.team.public_id}", "team_admin"))
    delete_keys(used.actor("team_admin"), used.here.keys["member_team"])
    assert total(get(api, f"/spend/logs?team_id={used.team.public_id}", "team_admin")) == before == 15
    assert get(api, "/global/spend", "auditor")["spend"] == 127
    top = get(api, "/global/spend/keys", "auditor")
    assert [row["total_spend"] for row in top] == [64, 32, 16, 8, 4, 3]
    assert "api_key" not in top[-1]


def test_people(used: World, api: Any) -> None:
    assert [row["user_id"] for row in get(api, "/spend/users", "org_admin")] == [used.org_admin.public_id]
    assert [row["total_spend"] for row in get(api, "/spend/users?limit=2", "auditor")] == [64, 35]
    assert [row["total_spend"] for row in get(api, f"/spend/users?user_id={used.member.email}", "member")] == [35]
    assert api("GET", f"/spend/users?user_id={used.member.email}", as_="org_admin").status_code == 403


@pytest.mark.parametrize(("name", "spend", "keys"), [("team_admin", 15, 3), ("org_admin", 15, 3), ("member", 3, 1)])
def test_daily_activity_adds_up_in_every_direction(used: World, api: Any, name: str, spend: float, keys: int) -> None:
    found = get(api, f"/team/daily/activity?team_ids={used.team.public_id}", name)
    assert found["metadata"]["total_spend"] == total([day["metrics"] for day in found["results"]]) == spend
    seen = set()
    for day in found["results"]:
        whole = day["metrics"]["spend"]
        for part in day["breakdown"].values():
            assert total([inner["metrics"] for inner in part.values()]) == whole
        assert set(day["breakdown"]["entities"]) == {used.team.public_id}
        assert day["breakdown"]["entities"][used.team.public_id]["metadata"] == {"alias": "acme core"}
        seen |= set(day["breakdown"]["api_keys"])
    assert len(seen) == keys
    assert [day["date"] for day in found["results"]] == [str(today()), str(today() - timedelta(days=1))]


def test_daily_activity_of_everything_that_one_sees(used: World, api: Any) -> None:
    for name, teams in (("auditor", 79), ("org_admin", 15), ("member", 3), ("loner", 0)):
        assert get(api, "/team/daily/activity", name)["metadata"]["total_spend"] == teams, name
    for name, people in (("auditor", 119), ("org_admin", 0), ("member", 35)):
        assert get(api, "/user/daily/activity", name)["metadata"]["total_spend"] == people, name
    for name, spend in (("auditor", 127), ("org_admin", 63), ("team_admin", 0)):
        assert get(api, "/organization/daily/activity", name)["metadata"]["total_spend"] == spend, name
    for name, spend in (("auditor", 16), ("project_owner", 16), ("project_member", 16), ("team_admin", 0)):
        assert get(api, "/project/daily/activity", name)["metadata"]["total_spend"] == spend, name
    one = used.here.keys["member_team"].token
    assert get(api, f"/team/daily/activity?api_key={one}&model=claude", "member")["metadata"]["total_spend"] == 2
    assert api("GET", f"/organization/daily/activity?organization_ids={used.organization.public_id}",
               as_="team_admin").status_code == 403  # fmt: skip


def test_daily_activity_has_pages_of_days(used: World, api: Any) -> None:
    pages = [get(api, f"/organization/daily/activity?page={page}&page_size=1", "org_admin") for page in (1, 2, 3)]
    assert [len(page["results"]) for page in pages] == [1, 1, 0]
    assert [page["metadata"]["has_more"] for page in pages] == [True, False, False]
    assert {page["metadata"]["total_spend"] for page in pages} == {63}


def test_reports_cost_by_entity_and_model(used: World, api: Any) -> None:
    days = f"start_date={today() - timedelta(days=1)}&end_date={today()}"
    row = get(api, f"/team/spend/report?{days}&team_id={used.team.public_id}", "team_admin")[0]
    assert (row["team_id"], row["name"], row["total_cost"]) == (used.team.public_id, "acme core", 15)
    assert [(part["model"], part["total_cost"]) for part in row["model_details"]] == [("gpt-4", 13), ("claude", 2)]
    assert get(api, f"/team/spend/report?{days}", "member")[0]["total_cost"] == 3
    assert [row["total_cost"] for row in get(api, f"/key/spend/report?{days}", "member")] == [32, 3]
    assert get(api, f"/user/spend/report?{days}", "colleague")[0]["user_id"] == used.colleague.public_id
    assert get(api, f"/organization/spend/report?{days}", "team_admin") == []
    assert len(get(api, f"/organization/spend/report?{days}", "auditor")) == 2


def test_the_platforms_own_figures(used: World, api: Any) -> None:
    CatalogModel.objects.create(name="gpt-4", params={"model": "openai/gpt-4"})
    assert total(get(api, "/global/spend/logs", "auditor")) == 127
    assert get(api, "/global/spend/models?limit=1", "auditor") == [{"model": "globex-own", "total_spend": 64}]
    assert {row["provider"]: row["spend"] for row in get(api, "/global/spend/provider", "auditor")} == {
        "unknown": 82, "openai": 45
    }  # fmt: skip
    teams = get(api, "/global/spend/teams", "auditor")
    assert teams["teams"] == ["globex core", "acme core"]
    assert teams["daily_spend"][-1] == {"date": str(today()), "globex core": 64, "acme core": 5}
    assert get(api, "/global/activity", "auditor")["sum_api_requests"] == 70
    assert [row["sum_total_tokens"] for row in get(api, "/global/activity/model", "auditor")] == [480, 240, 120]
    grouped = [get(api, f"/global/spend/report?group_by={name}", "auditor") for name in ("user", "api_key", "team")]
    assert [total(rows, "total_cost") for rows in grouped] == [119, 127, 79]


def test_no_model_of_another_tenant_is_named(used: World, api: Any) -> None:
    CatalogModel.objects.create(name="globex-own", team=used.there.team, organization=used.there.organization,
                                input_price=10**9)  # fmt: skip
    body = {"model": "globex-own", "messages": []}
    unknown = api("POST", "/spend/calculate", {**body, "model": "nothing"}, as_="org_admin")
    foreign = api("POST", "/spend/calculate", body, as_="org_admin")
    assert (foreign.status_code, unknown.status_code) == (400, 400)
    assert foreign.json()["detail"]["param"] == "model"
    assert foreign.content.decode().replace("globex-own", "nothing") == unknown.content.decode()
    assert api("POST", "/spend/calculate", body, as_="there_team_admin").status_code == 200
    for path in ("/spend/logs", "/team/daily/activity", "/user/daily/activity", "/organization/daily/activity"):
        assert "globex" not in str(get(api, path, "org_admin")), path


def test_what_a_call_costs(api: Any, cast: World) -> None:
    CatalogModel.objects.create(name="gpt-4", input_price=2 * 10**9, output_price=6 * 10**9)
    counted = {"model": "gpt-4", "usage": {"prompt_tokens": 1000, "completion_tokens": 500}}
    answer = api("POST", "/spend/calculate", {"completion_response": counted}, as_="member")
    assert answer.json() == {"cost": 0.005}
    messages = [{"role": "user", "content": "x" * 36}]  # 36 and 4 bytes are 10 tokens, and 4 for the message
    assert api("POST", "/spend/calculate", {"model": "gpt-4", "messages": messages}, as_="member").json() == {
        "cost": 0.000028
    }
    for body, param in (({}, "model"), ({"model": "gpt-4"}, "messages"), ({"messages": []}, "model")):
        refused = api("POST", "/spend/calculate", body, as_="member")
        assert (refused.status_code, refused.json()["detail"]["param"]) == (400, param)


RANGES = (
    ("start_date=soon", "start_date"),
    ("start_date=2026-02-02&end_date=2026-02-01", "end_date"),
    ("start_date=2024-01-01&end_date=2026-01-01", "start_date"),
    ("end_date=99999-01-01", "end_date"),
)


@pytest.mark.parametrize(("query", "field"), RANGES)
@pytest.mark.parametrize(
    "path", ["/spend/logs", "/spend/logs/v2", "/spend/tags", "/global/spend/logs", "/global/activity",
             "/team/daily/activity", "/customer/daily/activity"]
)  # fmt: skip
def test_days_that_make_no_range_are_named(api: Any, cast: World, path: str, query: str, field: str) -> None:
    answer = api("GET", f"{path}?{query}", as_="auditor")
    assert (answer.status_code, answer.json()["detail"].get("param")) == (400, field), answer.content


PATHS = (
    *("/spend/logs", "/spend/logs/v2?page_size=100", "/spend/keys", "/spend/users", "/spend/tags"),
    *("/team/daily/activity", "/user/daily/activity", "/organization/daily/activity", "/tag/daily/activity"),
    *("/global/spend/keys", "/global/spend/teams", "/global/spend/report", "/global/activity/model"),
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", ["org_admin", "auditor", "member"])
def test_spend_costs_the_same_at_three_rows_and_at_thirty(api: Any, cast: World, path: str, name: str) -> None:
    if path.startswith("/global") and name != "auditor":
        return
    days = [today() - timedelta(days=number) for number in range(10)]

    def grow(count: int) -> None:
        keys = [KeyFactory(user=cast.member, team=cast.team, organization=cast.organization) for _ in range(count)]
        DailyUsage.objects.all().delete()
        Spend.objects.all().delete()
        book(Use(key, 1, days[number % 10], f"m{number % 4}") for number, key in enumerate(keys))

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            get(api, path, name)
        return len(queries)

    grow(3)
    few = cost()
    grow(30)
    assert cost() <= few
    assert few <= 20  # a few of them for what the caller may use, and so may know


def test_answers_fit_their_models(used: World, api: Any) -> None:
    """With something in them: the models of the empty ones are tried elsewhere."""
    days.DailyActivity.model_validate(get(api, "/team/daily/activity", "org_admin"))
    answers.SpendLogs.model_validate(get(api, "/spend/logs", "org_admin"))
    answers.SpendLogs.model_validate(get(api, f"/spend/logs?end_date={today()}", "org_admin"))
    answers.KeySpends.model_validate(get(api, "/spend/keys", "org_admin"))
    answers.UserSpends.model_validate(get(api, "/spend/users", "member"))
    answers.TagSpends.model_validate(get(api, "/spend/tags", "member"))
    answers.TeamsSpend.model_validate(get(api, "/global/spend/teams", "auditor"))
    days.ModelActivities.model_validate(get(api, "/global/activity/model", "auditor"))
    for name in ("team", "organization", "user", "api_key"):
        answers.Report.model_validate(get(api, f"/global/spend/report?group_by={name}", "auditor"))
