"""/budget/* and /customer/*: what a budget means for those who hold it."""

from typing import Any

from gateway.models import BudgetHeld
from tests.world import World


def test_a_key_made_with_a_budget_id_follows_the_budget(master: Any, cast: World) -> None:
    made = master("POST", "/key/generate", {"user_id": cast.member.email, "budget_id": "standard"}).json()
    assert (made["budget_id"], made["max_budget"], made["litellm_budget_table"]["max_budget"]) == ("standard", None, 5)
    master("POST", "/budget/update", {"budget_id": "standard", "max_budget": 7})
    info = master("GET", f"/key/info?key={made['token']}").json()["info"]
    assert info["litellm_budget_table"]["max_budget"] == 7
    assert info["effective_limits"]["limits"]["max_budget"]["value"] == 7


def test_null_gives_the_budget_back_and_the_rows_own_id_changes_nothing(master: Any, cast: World) -> None:
    ident = cast.organization.public_id
    body = {"organization_id": ident, "budget_id": "standard", "max_budget": None}
    assert master("PATCH", "/organization/update", body).json()["litellm_budget_table"]["max_budget"] == 5
    assert BudgetHeld.objects.get().organization == cast.organization
    master("PATCH", "/organization/update", {"organization_id": ident, "budget_id": ident})
    assert BudgetHeld.objects.count() == 1
    answer = master("PATCH", "/organization/update", {"organization_id": ident, "budget_id": None})
    assert (answer.json()["budget_id"], BudgetHeld.objects.count()) == (ident, 0)


def test_a_budget_that_does_not_exist_leaves_no_key_behind(master: Any, cast: World) -> None:
    keys = cast.member.keys.count()
    answer = master("POST", "/key/generate", {"user_id": cast.member.email, "budget_id": "none"})
    assert (answer.status_code, cast.member.keys.count()) == (404, keys)


def test_somebody_who_sees_no_budgets_holds_none(api: Any, cast: World) -> None:
    body = {"team_id": cast.team.public_id, "budget_id": "standard"}
    assert api("POST", "/key/generate", body, as_="team_admin").status_code == 404
    assert not BudgetHeld.objects.exists()


def test_a_taken_id_is_a_bad_request(master: Any) -> None:
    answer = master("POST", "/budget/new", {"budget_id": "standard"})
    assert (answer.status_code, answer.json()["detail"]["param"]) == (400, "budget_id")
    answer = master("POST", "/customer/new", {"user_id": "shopper"})
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "user_id")


def test_a_customer_shows_the_limits_of_its_budget(master: Any) -> None:
    master("POST", "/customer/update", {"user_id": "shopper", "budget_id": "standard"})
    row = master("GET", "/customer/info?end_user_id=shopper").json()
    assert (row["budget_id"], row["max_budget"], row["rpm_limit"]) == ("standard", 5, 60)
