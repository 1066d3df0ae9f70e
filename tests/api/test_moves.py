"""Keys and teams that move, as LiteLLM's clients ask for it: all of a request, or nothing of it."""

from typing import Any

import pytest

from keys.models import Key
from rbacadmin.models import AuditEvent
from teams.models import Team
from tests.factories import KeyFactory, join


@pytest.fixture
def key(cast: Any) -> Any:
    return KeyFactory(user=cast.member, organization=cast.organization, alias="laptop", max_budget=5 * 10**9)


def test_a_platform_admin_assigns_a_key_to_a_team(api: Any, cast: Any, key: Any) -> None:
    """`litellm-proxy teams assign-key`."""
    answer = api("POST", "/key/update", {"key": key.token, "team_id": cast.team.public_id}, as_="proxy_admin").json()
    assert (answer["team_id"], answer["user_id"]) == (cast.team.public_id, cast.member.public_id)


def test_fields_and_place_change_together_or_not_at_all(api: Any, cast: Any, key: Any) -> None:
    cast.team.max_budget = 10**9
    cast.team.save()
    body = {"key": key.token, "team_id": cast.team.public_id, "key_alias": "renamed"}
    refused = api("POST", "/key/update", body, as_="proxy_admin")
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "max_budget")
    assert Key.objects.get(pk=key.pk).alias == "laptop"
    moved = api("POST", "/key/update", {**body, "max_budget": 1}, as_="proxy_admin").json()
    assert (moved["team_id"], moved["key_alias"], moved["max_budget"]) == (cast.team.public_id, "renamed", 1)


def test_a_new_owner_gets_a_new_secret_in_one_step(api: Any, cast: Any) -> None:
    old = cast.here.keys["member_team"]
    body = {"key": old.token, "user_id": cast.colleague.email, "key_alias": "handed over"}
    answer = api("POST", "/key/regenerate", body, as_="org_admin").json()
    assert (answer["user_id"], answer["key_alias"]) == (cast.colleague.public_id, "handed over")
    assert api("GET", "/key/info", token=answer["key"]).json()["info"]["user_id"] == cast.colleague.public_id
    assert api("GET", "/key/info", token=old.secret).status_code == 401


def test_who_may_not_move_a_key_learns_nothing_of_where_it_would_go(api: Any, cast: Any, key: Any) -> None:
    for name in ("team_id", "user_id", "project_id", "organization_id"):
        known = getattr(cast.there, {"user_id": "member"}.get(name, name.removesuffix("_id"))).public_id
        answers = [
            api("POST", "/key/update", {"key": key.token, name: ident}, as_="member") for ident in (known, "nothing")
        ]
        assert [answer.status_code for answer in answers] == [403, 403]
        assert answers[0].json() == answers[1].json()
    assert AuditEvent.objects.filter(outcome="refused", status=403).count() == 8


def test_an_admin_of_both_organizations_sees_the_goal_and_may_not_move_there(api: Any, cast: Any) -> None:
    """KEY-17."""
    join(cast.org_admin, cast.there.organization, "org_admin")
    body = {"key": cast.here.keys["member_team"].token, "team_id": cast.there.team.public_id}
    answer = api("POST", "/key/update", body, as_="org_admin")
    assert (answer.status_code, answer.json()["error"]["decision"]["action"]) == (403, "move_keys")
    assert AuditEvent.objects.filter(outcome="refused", status=403).count() == 1


def test_a_team_moves_with_its_new_name_or_not_at_all(api: Any, cast: Any) -> None:
    there = cast.there.organization
    Key.objects.filter(organization=there).update(alias="", alias_key="")
    body = {"team_id": cast.team.public_id, "organization_id": there.public_id, "team_alias": cast.there.team.alias}
    refused = api("POST", "/team/update", body, as_="proxy_admin")
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "team_alias")
    assert Team.objects.get(pk=cast.team.pk).alias == cast.team.alias
    moved = api("POST", "/team/update", {**body, "team_alias": "guests"}, as_="proxy_admin").json()["data"]
    assert (moved["organization_id"], moved["team_alias"]) == (there.public_id, "guests")
    alone = api("POST", "/team/update", {**body, "team_alias": "alone", "organization_id": None}, as_="proxy_admin")
    assert alone.json()["data"]["organization_id"] is None


def test_a_key_that_ends_says_which_field_is_wrong(api: Any, cast: Any) -> None:
    """Rulebook 11."""
    short = api("POST", "/key/generate", {"duration": "1h"}, as_="member").json()["key"]
    for body in ({}, {"duration": "2h"}):
        answer = api("POST", "/key/generate", body, token=short)
        assert (answer.status_code, answer.json()["error"]["param"]) == (400, "duration")
    assert api("POST", "/key/generate", {"duration": "30m"}, token=short).status_code == 200


def test_a_key_that_is_handed_on_says_that_its_former_owner_knows_the_secret(
    api: Any, cast: Any, browser_of: Any
) -> None:
    """In the answer and on its page, until it has a new secret; one that came with the move is known to nobody else."""
    key, words = cast.here.keys["member_team"], "Whoever had this key before knows its secret"
    page = f"/ui/keys/{key.pk}/"

    def update(**fields: Any) -> Any:
        return api("POST", "/key/update", {"key": key.public_id, **fields}, as_="org_admin").json()

    assert "warning" not in update(key_alias="the same owner")
    assert words not in browser_of("org_admin").get(page).text
    assert update(user_id=cast.colleague.email)["warning"].startswith(words)
    assert words in browser_of("org_admin").get(page).text
    body = {"key": key.public_id, "user_id": cast.member.email}
    assert api("POST", "/key/regenerate", body, as_="org_admin").status_code == 200
    assert words not in browser_of("org_admin").get(page).text
    update(user_id=cast.colleague.email)
    assert words in browser_of("colleague").get(page).text
    api("POST", "/key/regenerate", {"key": key.public_id}, as_="org_admin")
    assert words not in browser_of("colleague").get(page).text
