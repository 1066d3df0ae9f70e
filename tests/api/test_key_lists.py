"""Lists of keys: their order, their names, those that are gone, and several at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from keys.models import Key
from keys.services import delete_keys
from tests.factories import KeyFactory

GONE = "/key/list?status=deleted&return_full_object=true&size=100"


def names(answer: Any) -> list[str]:
    return [row["key_alias"] for row in answer.json()["keys"]]


@pytest.mark.parametrize("by", ["max_budget", "rpm_limit", "expires", "last_active"])
def test_keys_are_sorted_by_what_may_be_empty_and_none_is_lost(api: Any, cast: Any, by: str) -> None:
    now = timezone.now()
    columns = {"expires": "expires_at", "last_active": "last_used_at"}
    for number, alias in ((3, "third"), (1, "first"), (2, "second")):
        value = now + timedelta(days=number) if by in columns else number
        KeyFactory(user=cast.loner, alias=alias, **{columns.get(by, by): value})
    wanted = {"asc": ["first", "second", "third"], "desc": ["third", "second", "first"]}
    for order, expected in wanted.items():
        path = f"/key/list?return_full_object=true&sort_by={by}&sort_order={order}&size=2&page="
        found = names(api("GET", f"{path}1", as_="loner")) + names(api("GET", f"{path}2", as_="loner"))
        assert [name for name in found if name in expected] == expected
        everything = names(api("GET", path.replace("size=2", "size=100") + "1", as_="loner"))
        assert len(everything) == Key.objects.filter(user=cast.loner).count()


def test_nobody_sorts_by_what_others_spent(api: Any) -> None:
    """Rulebook 20: an order would tell it."""
    assert api("GET", "/key/list?sort_by=spend", as_="granted").status_code == 422


def test_deleted_keys_are_seen_by_who_could_list_them(api: Any, cast: Any) -> None:
    keys = [
        cast.here.keys[name] for name in ("member_team", "member_personal", "granted_team", "project_member_project")
    ]
    delete_keys(cast.actor("proxy_admin"), *keys)
    expected = {
        "proxy_admin": {"member-team", "member-personal", "granted-team", "project_member-project"},
        "org_admin": {"member-team", "member-personal", "granted-team", "project_member-project"},
        "team_admin": {"member-team"},
        "member": {"member-team", "member-personal"},
        "granted": {"granted-team"},
        "project_owner": {"project_member-project"},
        "stranger": set(),
        "loner": set(),
    }
    for name, seen in expected.items():
        answer = api("GET", GONE, as_=name)
        assert set(names(answer)) == seen, name
        assert answer.json()["total_count"] == len(seen)
    row = api("GET", GONE + f"&team_id={cast.team.public_id}", as_="org_admin").json()["keys"]
    assert [(found["key_alias"], found["status"]) for found in row] == [("member-team", "deleted")]
    for key in keys:
        assert key.token not in str(row)
    by_person = api("GET", GONE + f"&user_id={cast.member.email}", as_="org_admin")
    assert set(names(by_person)) == {"member-team", "member-personal"}


def test_the_people_behind_keys_come_along_when_asked_for(api: Any, cast: Any) -> None:
    path = f"/key/list?return_full_object=true&expand=user&size=100&team_id={cast.team.public_id}"
    rows = {row["key_alias"]: row for row in api("GET", path, as_="team_admin").json()["keys"]}
    assert rows["member-team"]["user"]["user_email"] == cast.member.email
    assert rows["team-robot"]["user"] is None
    granted = f"/key/list?return_full_object=true&expand=user&size=100&team_id={cast.granted_team.public_id}"
    seen = {row["key_alias"]: row["user"] for row in api("GET", granted, as_="granted").json()["keys"]}
    assert seen["granted-team"] is not None
    assert seen["granted_colleague-team"] is None, "whom the caller does not see comes without a profile"


def test_a_persons_keys_with_those_of_their_teams_and_those_they_made(api: Any, cast: Any) -> None:
    made = KeyFactory(
        user=cast.outsider, organization=cast.organization, created_by=f"{cast.member.email} (sk-...abcd)"
    )
    path = f"/key/list?size=100&user_id={cast.member.email}"
    own = set(api("GET", path, as_="org_admin").json()["keys"])
    assert cast.here.keys["colleague_team"].token not in own
    with_teams = set(api("GET", f"{path}&include_team_keys=true", as_="org_admin").json()["keys"])
    assert with_teams - own >= {cast.here.keys["colleague_team"].token, cast.here.keys["team_service"].token}
    with_made = set(api("GET", f"{path}&include_created_by_keys=true", as_="org_admin").json()["keys"])
    assert with_made - own == {made.token}
    assert set(api("GET", f"{path}&include_team_keys=true", as_="stranger").json()["keys"]) == set()


def test_aliases_are_those_of_the_keys_that_one_may_list(api: Any, cast: Any) -> None:
    answer = api("GET", f"/key/aliases?team_id={cast.team.public_id}&search=TEAM-", as_="team_admin").json()
    assert (answer["aliases"], answer["total_count"], answer["size"]) == (["team-robot"], 1, 50)
    assert api("GET", f"/key/aliases?team_id={cast.team.public_id}", as_="stranger").json()["aliases"] == []
    mine = api("GET", "/key/aliases?size=1&page=2", as_="member").json()
    assert (mine["aliases"], mine["total_count"], mine["total_pages"]) == (["member-team"], 2, 2)


def test_several_keys_at_once_without_those_that_are_not_to_be_seen(api: Any, cast: Any) -> None:
    own, foreign = cast.here.keys["member_team"], cast.there.keys["member_team"]
    answer = api("POST", "/v2/key/info", {"keys": [own.secret, foreign.token, "nothing"]}, as_="member").json()
    assert (answer["key"], [row["key_alias"] for row in answer["info"]]) == ([own.token], ["member-team"])
    assert own.secret not in str(answer)
    named = api("POST", "/v2/key/info", {"key_aliases": ["MEMBER-team"]}, as_="org_admin").json()
    assert named["key"] == [own.token]


def test_more_budget_for_a_while(api: Any, cast: Any) -> None:
    key = KeyFactory(user=cast.member, team=cast.team, organization=cast.organization, max_budget=5 * 10**9)
    body = {"key": key.token, "temp_budget_increase": 2.5, "temp_budget_expiry": "2030-01-01T00:00:00Z"}
    row = api("POST", "/key/update", body, as_="team_admin").json()
    assert (row["temp_budget_increase"], row["temp_budget_expiry"]) == (2.5, "2030-01-01T00:00:00.000000Z")
    assert api("POST", "/key/update", {**body, "temp_budget_increase": 3}, as_="member").status_code == 403
    for wrong in ("9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "soon"):
        assert api("POST", "/key/update", {**body, "temp_budget_expiry": wrong}, as_="team_admin").status_code == 422


def test_many_keys_are_changed_each_by_itself(api: Any, cast: Any) -> None:
    """Rulebook 13."""
    own, others, foreign = (
        cast.here.keys["granted_team"],
        cast.here.keys["granted_colleague_team"],
        cast.here.keys["member_team"],
    )
    items = [
        {"key": own.secret, "key_alias": "one"},
        {"key": others.token, "max_budget": 101},
        {"key": foreign.token, "key_alias": "two"},
        {"key": others.token, "rpm_limit": 1},
    ]
    answer = api("POST", "/key/bulk_update", {"keys": items}, as_="granted").json()
    assert answer["total_requested"] == 4
    assert [done["key"] for done in answer["successful_updates"]] == [own.token, others.token]
    reasons = {failed["key"]: failed["failed_reason"] for failed in answer["failed_updates"]}
    assert "100" in reasons[others.token]
    assert reasons[foreign.token] == f"No key '{foreign.token}'."
    assert own.secret not in str(answer)
    assert Key.objects.get(pk=own.pk).alias == "one"
    assert Key.objects.get(pk=others.pk).rpm_limit == 1
    too_many = {"keys": [{"key": own.token}] * 501}
    assert api("POST", "/key/bulk_update", too_many, as_="granted").status_code == 422
