"""Teams: many people, keys and permissions at once, models one by one, and joining by oneself."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from api.litellm.teams.answers import MyMembership
from keys.models import Key
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Action, grants
from rbacadmin.policy.actor import unexpired
from teams.models import Membership, Team
from tests.factories import KeyFactory, TeamFactory


def test_people_are_added_each_by_themselves(api: Any, cast: Any) -> None:
    people = [
        {"role": "user", "user_email": "new@example.com"},
        {"role": "user", "user_id": cast.member.email},
        {"role": "chief", "user_id": "x@example.com"},
        {"role": "user", "user_id": "nobody-known"},
    ]
    body = {"team_id": cast.team.public_id, "members": people, "max_budget_in_team": 2}
    answer = api("POST", "/team/bulk_member_add", body, as_="team_admin").json()
    assert [result["success"] for result in answer["results"]] == [True, False, False, False]
    assert (answer["total_requested"], answer["successful_additions"], answer["failed_additions"]) == (4, 1, 3)
    assert answer["results"][0]["updated_team_membership"]["max_budget"] == 2
    assert "already" in answer["results"][1]["error"]
    assert Membership.objects.get(team=cast.team, user__email="new@example.com").max_budget == 2 * 10**9
    for name, status in (("member", 403), ("reader", 404), ("stranger", 404), ("outsider", 404)):
        assert api("POST", "/team/bulk_member_add", body, as_=name).status_code == status


def test_everybody_is_everybody_of_the_organization(api: Any, cast: Any) -> None:
    answer = api("POST", "/team/bulk_member_add", {"team_id": cast.team.public_id, "all_users": True}, as_="org_admin")
    assert answer.json()["failed_additions"] == 0
    inside = Membership.objects.filter(organization=cast.organization)
    assert set(inside.filter(team=cast.team).values_list("user")) == set(inside.values_list("user"))
    assert api("POST", "/team/bulk_member_add", {"team_id": cast.team.public_id}, as_="org_admin").status_code == 400


def test_everybody_is_nobody_who_has_left(api: Any, cast: Any) -> None:
    """An end that has come is not undone by adding everybody; whose end came in the team only comes back."""
    past = timezone.now() - timedelta(seconds=1)
    Membership.objects.filter(user=cast.reader).update(expires_at=past)
    Membership.objects.filter(user=cast.member, team=cast.team).update(expires_at=past)
    body = {"team_id": cast.team.public_id, "all_users": True}
    answer = api("POST", "/team/bulk_member_add", body, as_="proxy_admin").json()
    assert answer["failed_additions"] == 0
    live = Membership.objects.filter(unexpired())
    assert not live.filter(user=cast.reader).exists()
    assert live.filter(user=cast.member, team=cast.team).exists()


def test_keys_of_a_team_are_changed_alike(api: Any, cast: Any) -> None:
    body = {"team_id": cast.team.public_id, "update_fields": {"tags": ["moved"]}}
    answer = api("POST", "/team/key/bulk_update", {**body, "all_keys_in_team": True}, as_="team_admin").json()
    inside = Key.objects.filter(team=cast.team)
    assert len(answer["successful_updates"]) == answer["total_requested"] == inside.count()
    assert all(key.tags == ["moved"] for key in inside)
    elsewhere, own = cast.here.keys["outsider_team"], cast.here.keys["member_team"]
    body = {**body, "key_ids": [own.token, elsewhere.token], "update_fields": {"rpm_limit": 7}}
    answer = api("POST", "/team/key/bulk_update", body, as_="org_admin").json()
    assert [done["key"] for done in answer["successful_updates"]] == [own.token]
    assert answer["failed_updates"][0]["failed_reason"] == "This key is not in the team."
    assert Key.objects.get(pk=elsewhere.pk).rpm_limit is None
    refused = api("POST", "/team/key/bulk_update", body, as_="member").json()
    assert (refused["successful_updates"], len(refused["failed_updates"])) == ([], 2)
    assert api("POST", "/team/key/bulk_update", body, as_="stranger").status_code == 404


def test_permissions_are_added_to_what_members_may_do_already(api: Any, cast: Any) -> None:
    teams = [cast.team.public_id, cast.other_team.public_id, cast.there.team.public_id]
    body = {"permissions": ["/key/list"], "team_ids": teams}
    answer = api("POST", "/team/permissions_bulk_update", body, as_="org_admin").json()
    assert (answer["teams_updated"], answer["permissions_appended"]) == (2, ["/key/list"])
    assert [failed["team_id"] for failed in answer["failed_updates"]] == [cast.there.team.public_id]
    held = grants.on(cast.team, cast.team.group)
    assert held == {Action.VIEW_KEYS, Action.CHECK_KEYS, Action.LIST_KEYS}
    assert Action.LIST_KEYS not in grants.on(cast.there.team, cast.there.team.group)
    every = api(
        "POST", "/team/permissions_bulk_update", {"permissions": ["/key/block"], "apply_to_all_teams": True},
        as_="org_admin",
    ).json()  # fmt: skip
    assert every["teams_updated"] == Team.objects.filter(organization=cast.organization).count()
    for wrong in ({"permissions": ["/nothing"], "team_ids": teams}, {"permissions": ["/key/list"]}):
        assert api("POST", "/team/permissions_bulk_update", wrong, as_="org_admin").status_code == 400
    assert (
        api("POST", "/team/permissions_bulk_update", {**body, "team_ids": teams[:1]}, as_="member").json()[
            "teams_updated"
        ]
        == 0
    )


def models_of(team: Any) -> Any:
    return Team.objects.get(pk=team.pk).models


def test_a_model_more_takes_no_others_away(api: Any, cast: Any) -> None:
    """Rulebook 14: a team without a list has all that its organization has, and keeps it."""
    body = {"team_id": cast.team.public_id, "models": ["gpt-4"]}
    assert api("POST", "/team/model/add", body, as_="org_admin").json()["models"] == []
    assert not models_of(cast.team)
    assert api("POST", "/team/model/add", {**body, "models": ["o1"]}, as_="org_admin").status_code == 400
    Team.objects.filter(pk=cast.team.pk).update(models=["claude"])
    assert api("POST", "/team/model/add", body, as_="org_admin").json()["models"] == ["claude", "gpt-4"]
    assert api("POST", "/team/model/add", {**body, "models": ["o1"]}, as_="org_admin").status_code == 400
    everything = api("POST", "/team/model/add", {**body, "models": ["all-proxy-models"]}, as_="org_admin").json()
    assert everything["models"] == []


def test_a_model_less_never_becomes_all_of_them(api: Any, cast: Any) -> None:
    body = {"team_id": cast.team.public_id, "models": ["gpt-4"]}
    assert api("POST", "/team/model/delete", body, as_="org_admin").json()["models"] == ["gpt-4o", "claude"]
    body = {**body, "models": ["gpt-4o", "claude"]}
    assert api("POST", "/team/model/delete", body, as_="org_admin").json()["models"] == ["no-default-models"]
    body = {**body, "models": ["gpt-4"]}
    assert api("POST", "/team/model/add", body, as_="org_admin").json()["models"] == ["gpt-4"]
    alone = TeamFactory(organization=None)
    body = {"team_id": alone.public_id, "models": ["gpt-4"]}
    assert api("POST", "/team/model/delete", body, as_="proxy_admin").status_code == 400


def test_ones_own_membership(api: Any, cast: Any) -> None:
    path = f"/team/{cast.team.public_id}/members/me"
    row = api("GET", path, as_="member").json()
    MyMembership.model_validate(row)
    assert (row["user_id"], row["role"], row["team_alias"]) == (cast.member.email, "user", cast.team.alias)
    assert [api("GET", path, as_=name).status_code for name in ("org_admin", "stranger", "loner")] == [404, 404, 404]
    assert api("GET", path, token=cast.here.keys["team_service"].secret).status_code == 404


@pytest.fixture
def open_teams(cast: Any, settings: Any) -> Any:
    settings.AVAILABLE_TEAMS = [cast.other_team.public_id, cast.there.team.public_id, cast.team.public_id]


def joining(cast: Any, name: str, **more: Any) -> dict[str, Any]:
    return {
        "team_id": cast.other_team.public_id,
        "member": {"role": "user", "user_id": getattr(cast, name).public_id, **more},
    }


def test_no_team_is_open_unless_the_configuration_says_so(api: Any, cast: Any) -> None:
    assert api("GET", "/team/available", as_="member").json() == []
    assert api("POST", "/team/member_add", joining(cast, "member"), as_="member").status_code == 404


@pytest.mark.usefixtures("open_teams")
def test_people_join_open_teams_of_their_organization(api: Any, cast: Any) -> None:
    listed = api("GET", "/team/available", as_="member").json()
    assert listed == [{"team_id": cast.other_team.public_id, "team_alias": cast.other_team.alias}]
    answer = api("POST", "/team/member_add", joining(cast, "member"), as_="member")
    assert answer.status_code == 200
    assert [person["user_id"] for person in answer.json()["updated_users"]] == [cast.member.email]
    assert Membership.objects.get(team=cast.other_team, user=cast.member).role == "user"
    assert AuditEvent.objects.get().event == "member.added"
    assert api("GET", "/team/available", as_="member").json() == []


@pytest.mark.usefixtures("open_teams")
def test_joining_gives_no_more_than_that(api: Any, cast: Any) -> None:
    for body in (
        joining(cast, "member", role="admin"),
        joining(cast, "colleague"),
        {**joining(cast, "member"), "max_budget_in_team": 100},
        {**joining(cast, "member"), "team_id": cast.there.team.public_id},
    ):
        assert api("POST", "/team/member_add", body, as_="member").status_code == 404, body
    bound = KeyFactory(user=cast.member, team=cast.team, organization=cast.organization)
    assert api("POST", "/team/member_add", joining(cast, "member"), token=bound.secret).status_code == 404
    assert api("POST", "/team/member_add", joining(cast, "loner"), as_="loner").status_code == 404
    assert api("GET", "/team/available", as_="auditor").json() == []
    assert not Membership.objects.filter(team=cast.other_team, user=cast.member).exists()
