"""Keys: how they are named, what an update keeps and clears, and that nothing is half done."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from keys.models import Key
from rbacadmin.models import AuditEvent
from tests.factories import KeyFactory


@pytest.fixture
def key(cast: Any) -> Any:
    return KeyFactory(
        user=cast.member,
        organization=cast.organization,
        alias="laptop",
        max_budget=5 * 10**9,
        rpm_limit=10,
        metadata={"a": 1},
        budget_duration="30d",
        expires_at=timezone.now() + timedelta(days=3),
    )


def test_a_key_is_named_by_secret_hash_or_id(api: Any, key: Any) -> None:
    for ident in (key.secret, key.token, key.public_id, str(key.pk), key.prefixed_id):
        answer = api("GET", f"/key/info?key={ident}", as_="member").json()
        assert answer["info"]["token"] == key.token
        assert answer["key"] == (key.token if ident == key.secret else ident)


def test_without_a_name_it_is_the_key_that_asks(api: Any, cast: Any) -> None:
    assert api("GET", "/key/info", as_="member").json()["info"]["user_id"] == cast.member.public_id
    assert api("GET", "/key/health", as_="viewer").json()["key"] == "healthy"


def test_the_master_key_is_no_row(master: Any) -> None:
    assert master("GET", "/key/info").status_code == 400
    assert master("GET", "/user/info").status_code == 400


def test_what_is_left_out_is_kept(api: Any, key: Any) -> None:
    row = api("PATCH", "/key/update", {"key": key.token, "key_alias": "desktop"}, as_="member").json()
    assert (row["key_alias"], row["max_budget"], row["rpm_limit"], row["metadata"]) == ("desktop", 5.0, 10, {"a": 1})
    assert row["expires"] is not None


def test_null_clears(master: Any, key: Any) -> None:
    cleared = {
        "max_budget": None,
        "rpm_limit": None,
        "metadata": None,
        "budget_duration": None,
        "duration": None,
        "key_alias": None,
    }
    row = master("POST", "/key/update", {"key": key.secret, **cleared}).json()
    assert row["key"] == key.token
    assert (row["max_budget"], row["rpm_limit"], row["metadata"]) == (None, None, {})
    assert (row["budget_duration"], row["expires"], row["key_alias"]) == (None, None, None)


def test_minus_one_means_never(master: Any, key: Any) -> None:
    assert master("POST", "/key/update", {"key": key.token, "duration": "-1"}).json()["expires"] is None


@pytest.mark.parametrize("duration", ["", "0d", "30", "-2", "30 d", "1y", "9999999mo", "d"])
def test_a_malformed_duration_is_400_naming_it(master: Any, duration: str) -> None:
    answer = master("POST", "/key/generate", {"duration": duration})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "duration"


def test_money_keeps_its_digits(master: Any) -> None:
    row = master("POST", "/key/generate", {"max_budget": 0.000000001, "soft_budget": 0}).json()
    assert row["max_budget"] == 1e-9
    assert Key.objects.get(token=row["token"]).max_budget == 1


def test_a_secret_cannot_be_chosen(master: Any) -> None:
    answer = master("POST", "/key/generate", {"key": "sk-my-own-secret-key"})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "key"
    assert "my-own" not in answer.content.decode()


def test_left_out_means_oneself_and_null_means_nobody(api: Any, cast: Any) -> None:
    assert api("POST", "/key/generate", {}, as_="member").json()["user_id"] == cast.member.public_id
    assert api("POST", "/key/generate", {"user_id": None}, as_="proxy_admin").json()["user_id"] is None
    assert api("POST", "/key/generate", {"user_id": None}, as_="member").status_code == 403


def test_a_viewer_makes_no_key(api: Any) -> None:
    assert api("POST", "/key/generate", {}, as_="viewer").status_code == 403
    assert api("POST", "/key/generate", {}, as_="auditor").status_code == 403


def test_deleting_says_what_it_was_told(api: Any, cast: Any, key: Any) -> None:
    other = KeyFactory(user=cast.member, organization=cast.organization)
    answer = api("DELETE", "/key/delete", {"keys": [key.secret, other.token]}, as_="member")
    assert answer.json() == {"deleted_keys": [key.secret, other.token]}
    assert not Key.objects.filter(pk__in=[key.pk, other.pk]).exists()


def test_deleting_is_all_or_nothing(api: Any, cast: Any, key: Any) -> None:
    foreign = cast.there.keys["member_team"]
    answer = api("POST", "/key/delete", {"keys": [key.token, foreign.token]}, as_="member")
    assert answer.status_code == 404
    assert Key.objects.filter(pk=key.pk).exists()
    bound = cast.keys["member_team"]
    assert api("POST", "/key/delete", {"keys": [key.token, bound.token]}, as_="member").status_code == 403
    assert Key.objects.filter(pk=key.pk).exists()


def test_deleting_by_alias(api: Any, key: Any) -> None:
    answer = api("POST", "/key/delete", {"key_aliases": ["LAPTOP"]}, as_="member")
    assert answer.json() == {"deleted_keys": ["LAPTOP"]}
    assert api("POST", "/key/delete", {"key_aliases": ["laptop"]}, as_="member").status_code == 404


def test_an_alias_that_several_organizations_have_is_ambiguous(master: Any, cast: Any, key: Any) -> None:
    KeyFactory(user=cast.there.member, organization=cast.there.organization, alias="laptop")
    answer = master("POST", "/key/delete", {"key_aliases": ["laptop"]})
    assert answer.status_code == 400
    assert Key.objects.filter(alias="laptop").count() == 2


@pytest.mark.parametrize("body", [{}, {"keys": []}, {"key_aliases": []}])
def test_deleting_nothing_is_400(master: Any, body: dict[str, Any]) -> None:
    assert master("POST", "/key/delete", body).status_code == 400


def test_blocking_and_unblocking(api: Any, key: Any) -> None:
    assert api("POST", "/key/block", {"key": key.token}, as_="org_admin").json()["blocked"] is True
    assert api("GET", "/key/info", token=key.secret).status_code == 401
    refused = api("POST", "/key/unblock", {"key": key.token}, as_="member")
    assert refused.status_code == 403
    assert "decision" in refused.json()["detail"]
    assert api("POST", "/key/unblock", {"key": key.token}, as_="org_admin").json()["blocked"] is False
    assert api("GET", "/key/info", token=key.secret).status_code == 200


def test_an_update_can_block_and_does_all_or_nothing(api: Any, key: Any) -> None:
    row = api("POST", "/key/update", {"key": key.token, "blocked": True, "key_alias": "shut"}, as_="member").json()
    assert (row["blocked"], row["status"], row["key_alias"]) == (True, "blocked", "shut")
    Key.objects.filter(pk=key.pk).update(blocked_by="organization")
    answer = api("POST", "/key/update", {"key": key.token, "blocked": False, "key_alias": "open"}, as_="member")
    assert answer.status_code == 403
    assert Key.objects.get(pk=key.pk).alias == "shut"


def test_a_whole_row_sent_back_changes_nothing_and_a_move_needs_its_own_right(api: Any, cast: Any, key: Any) -> None:
    same = {
        "key": key.token,
        "user_id": cast.member.public_id,
        "team_id": None,
        "organization_id": cast.organization.public_id,
    }
    assert api("POST", "/key/update", same, as_="member").status_code == 200
    move = {"key": key.token, "team_id": cast.team.public_id}
    assert api("POST", "/key/update", move, as_="member").status_code == 403
    assert api("POST", "/key/update", move, as_="proxy_admin").json()["team_id"] == cast.team.public_id


@pytest.mark.parametrize(
    ("key_type", "routes"),
    [
        ("llm_api", ["llm_api_routes"]),
        ("management", ["management_routes"]),
        ("read_only", ["info_routes"]),
        ("default", []),
    ],
)
def test_a_key_type_is_a_preset_of_routes(master: Any, key_type: str, routes: list[str]) -> None:
    row = master("POST", "/key/generate", {"key_type": key_type}).json()
    assert (row["allowed_routes"], row["key_type"]) == (routes, key_type)


def test_unknown_presets_are_refused(master: Any) -> None:
    answer = master("POST", "/key/generate", {"allowed_routes": ["everything"]})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "allowed_routes"


def test_a_service_account_key_belongs_to_nobody(api: Any, cast: Any) -> None:
    row = api("POST", "/key/service-account/generate", {"team_id": cast.team.public_id}, as_="team_admin").json()
    assert (row["user_id"], row["team_id"]) == (None, cast.team.public_id)
    assert api("GET", "/key/info", token=row["key"]).json()["info"]["token"] == row["token"]
    assert api("POST", "/key/service-account/generate", {}, as_="team_admin").status_code == 400


def test_a_refused_key_leaves_one_row_in_the_record(api: Any, cast: Any) -> None:
    before = AuditEvent.objects.filter(outcome="refused").count()
    api("POST", "/key/generate", {"team_id": cast.there.team.public_id}, as_="member")
    events = AuditEvent.objects.filter(outcome="refused").order_by("-created_at")
    assert events.count() == before + 1
    assert (events[0].event, events[0].status, events[0].door) == ("key.generate", 404, "litellm")


@pytest.mark.parametrize("in_path", [False, True])
def test_a_key_is_regenerated_with_grace(api: Any, key: Any, in_path: bool) -> None:
    path, body = (f"/key/{key.token}/regenerate", {}) if in_path else ("/key/regenerate", {"key": key.token})
    row = api("POST", path, {**body, "grace_period": "1h", "key_alias": "renewed"}, as_="member").json()
    assert row["key"].startswith("sk-")
    assert (row["key_alias"], row["max_budget"]) == ("renewed", 5.0)
    for secret in (row["key"], key.secret):
        assert api("GET", "/key/info", token=secret).json()["info"]["token"] == row["token"]


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"new_key": "sk-my-own"}, "new_key"),
        ({"grace_period": "31d"}, "grace_period"),
        ({"grace_period": "x"}, "grace_period"),
    ],
)
def test_what_a_regeneration_refuses(api: Any, key: Any, body: dict[str, Any], param: str) -> None:
    answer = api("POST", "/key/regenerate", {"key": key.token, **body}, as_="member")
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == param
    assert Key.objects.get(pk=key.pk).token == key.token


def test_the_credential_of_a_gateway_belongs_to_nobody(api: Any, master: Any) -> None:
    made = master("POST", "/key/generate", {"key_type": "gateway", "key_alias": "edge"}).json()
    assert (made["key_type"], made["user_id"], made["key"][:4]) == ("gateway", None, "sk-g")
    assert api("GET", "/team/list", token=made["key"]).json() == []
    answer = master("POST", "/key/generate", {"key_type": "gateway", "user_id": "someone@example.com"})
    assert answer.status_code == 400
    assert "belongs to nobody" in answer.json()["error"]["message"]
    assert api("POST", "/key/generate", {"key_type": "gateway"}, as_="org_admin").status_code == 403
