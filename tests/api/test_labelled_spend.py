"""Tags and end users: words that keys of several organizations may carry, so each asker adds up what they see."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from api.litellm.spend import answers, days
from gateway.ledger import writing
from gateway.ledger.usage import Event, memberships_of, parties_of
from gateway.models import Customer
from keys.models import Key
from tests.world import World

NANO = 10**9
ACTIVITY = ("/tag/daily/activity", "/customer/daily/activity")


def call(key: Key, dollars: int, tags: tuple[str, ...] = (), customer: str = "", days_ago: int = 0) -> Event:
    at = timezone.now() - timedelta(days=days_ago)
    return Event(uuid4().hex, parties_of(key, memberships_of([key])), "gpt-4", at, at, dollars * NANO, 100, 20,
                 tags=tags, customer=customer)  # fmt: skip


@pytest.fixture
def labelled(cast: World) -> World:
    """Both organizations use the tag `nightly` and serve the end user `visitor`; one word each is theirs alone."""
    keys, there = cast.here.keys, cast.there.keys
    calls = [
        call(keys["member_team"], 1, ("nightly", "ours"), "visitor"),
        call(keys["member_team"], 2, ("nightly",), "visitor", days_ago=1),
        call(keys["colleague_team"], 4, ("nightly",)),
        call(keys["team_service"], 8),
        call(there["member_team"], 16, ("nightly", "theirs"), "visitor"),
        call(there["member_team"], 32, (), "their visitor"),
    ]
    writing.write(calls, uuid4())
    return cast


def get(api: Any, path: str, name: str) -> Any:
    answer = api("GET", path, as_=name)
    assert answer.status_code == 200, answer.content
    return answer.json()


def sums(activity: Any) -> dict[str, float]:
    found: dict[str, float] = {}
    for day in activity["results"]:
        for name, part in day["breakdown"]["entities"].items():
            found[name] = found.get(name, 0) + part["metrics"]["spend"]
    return found


TAGS = (
    ("auditor", {"nightly": 23, "ours": 1, "theirs": 16}),
    ("org_admin", {"nightly": 7, "ours": 1}),
    ("team_admin", {"nightly": 7, "ours": 1}),
    ("member", {"nightly": 3, "ours": 1}),
    ("colleague", {"nightly": 4}),
    ("reader", {}),
    ("loner", {}),
)


@pytest.mark.parametrize(("name", "expected"), TAGS)
def test_a_tag_adds_up_what_the_asker_sees_and_names_nobody_elses(
    labelled: World, api: Any, name: str, expected: dict[str, float]
) -> None:
    found = get(api, "/tag/daily/activity", name)
    assert sums(found) == expected
    assert found["metadata"]["total_spend"] == sum(expected.values())
    tags = get(api, "/spend/tags", name)
    assert {row["individual_request_tag"]: row["total_spend"] for row in tags} == expected
    for day in found["results"]:
        by_key = [part["metrics"]["spend"] for part in day["breakdown"]["api_keys"].values()]
        assert sum(by_key) == day["metrics"]["spend"], "the keys of those calls are the asker's to see"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("auditor", {"visitor": 19, "their visitor": 32}), ("org_admin", {"visitor": 3}), ("colleague", {})],
)
def test_an_end_user_of_two_tenants_costs_each_its_own(
    labelled: World, api: Any, name: str, expected: dict[str, float]
) -> None:
    assert sums(get(api, "/customer/daily/activity", name)) == expected
    assert sums(get(api, "/end_user/daily/activity", name)) == expected
    asked = get(api, "/customer/daily/activity?end_user_ids=their visitor", name)
    assert sums(asked) == {who: spend for who, spend in expected.items() if who == "their visitor"}


def test_what_an_end_user_is_called_stays_with_the_platform(labelled: World, api: Any) -> None:
    Customer.objects.create(public_id="visitor", name="A Secret Deal")
    assert "A Secret Deal" in str(get(api, "/customer/daily/activity", "auditor"))
    assert "A Secret Deal" not in str(get(api, "/customer/daily/activity", "org_admin"))


def test_one_key_one_model_and_pages(labelled: World, api: Any) -> None:
    key = labelled.here.keys["member_team"].token
    for name in ("auditor", "member"):
        assert sums(get(api, f"/tag/daily/activity?api_key={key}&tags=nightly", name)) == {"nightly": 3}
        assert sums(get(api, "/tag/daily/activity?model=claude", name)) == {}
    assert api("GET", f"/tag/daily/activity?api_key={key}", as_="colleague").status_code == 403
    pages = [get(api, f"/tag/daily/activity?page={page}&page_size=1", "member") for page in (1, 2)]
    assert [page["results"][0]["metrics"]["spend"] for page in pages] == [2, 2]
    assert [page["metadata"]["has_more"] for page in pages] == [True, False]


def test_the_platform_lists_its_end_users_and_nobody_else_does(labelled: World, api: Any) -> None:
    rows = api("POST", "/global/spend/end_users", {}, as_="auditor").json()
    assert [(row["end_user"], row["total_count"], row["total_spend"]) for row in rows] == [
        ("their visitor", 1, 32), ("visitor", 3, 19)
    ]  # fmt: skip
    one = {"api_key": labelled.here.keys["member_team"].token, "limit": 1}
    assert api("POST", "/global/spend/end_users", one, as_="auditor").json() == [
        {"end_user": "visitor", "total_count": 2, "total_spend": 3}
    ]
    past = {"startTime": "2020-01-01", "endTime": "2020-01-31"}
    assert api("POST", "/global/spend/end_users", past, as_="auditor").json() == []
    for name in ("org_admin", "team_admin", "member"):
        assert api("POST", "/global/spend/end_users", {}, as_=name).status_code == 403, name


@pytest.mark.parametrize("path", [*ACTIVITY, "/spend/tags"])
@pytest.mark.parametrize("name", ["org_admin", "auditor"])
def test_words_cost_the_same_at_two_and_at_twenty(cast: World, api: Any, path: str, name: str) -> None:
    def cost(count: int) -> int:
        key = cast.here.keys["member_team"]
        writing.write([call(key, 1, (f"t{n}",), f"c{n}", days_ago=n % 9) for n in range(count)], uuid4())
        with CaptureQueriesContext(connection) as queries:
            get(api, path, name)
        return len(queries)

    few = cost(2)
    assert cost(20) <= few <= 20


def test_answers_fit_their_models(labelled: World, api: Any) -> None:
    for path in ACTIVITY:
        for name in ("auditor", "org_admin"):
            days.DailyActivity.model_validate(get(api, path, name))
    answers.TagSpends.model_validate(get(api, "/spend/tags", "auditor"))
    answers.EndUserTotals.model_validate(api("POST", "/global/spend/end_users", {}, as_="auditor").json())
