"""Rules 1 to 13 over HTTP: who may. Each test shows the core of its rule; the matrix has the cells."""

from typing import Any

from keys.models import Key
from rbacadmin.policy import INITIAL_ORGANIZATION
from teams.models import Membership, Team, User
from tests.factories import OrganizationFactory, join
from tests.rulebook.conftest import Call


def test_rule_01_a_team_admin_lowers_and_an_org_admin_raises(ask: Call, cast: Any) -> None:
    def budget(name: str, amount: float | None) -> int:
        return ask(name, "POST", "/team/update", {"team_id": cast.team.public_id, "max_budget": amount})[0]

    assert budget("team_admin", 50) == 200
    assert budget("team_admin", 60) == budget("team_admin", None) == 403
    both = {"team_id": cast.team.public_id, "team_alias": "renamed", "max_budget": 60}
    assert ask("team_admin", "POST", "/team/update", both)[0] == 403
    assert Team.objects.get(pk=cast.team.pk).alias == cast.team.alias, "refused whole"
    assert budget("org_admin", 150) == 200
    assert budget("org_admin", 1001) == 400


def test_rule_02_the_models_of_a_team_are_the_organizations_business(ask: Call, cast: Any) -> None:
    def models(name: str, names: list[str]) -> int:
        return ask(name, "POST", "/team/update", {"team_id": cast.team.public_id, "models": names})[0]

    assert models("team_admin", ["gpt-4"]) == 403
    assert models("org_admin", ["gpt-4"]) == 200
    assert models("org_admin", ["gpt-5"]) == 400
    own = {"model_name": "ours", "litellm_params": {"model": "x/y"}, "model_info": {"team_id": cast.team.public_id}}
    assert ask("team_admin", "POST", "/model/new", own)[0] == 200


def test_rule_03_ones_own_keys_are_visible_and_those_in_a_team_follow_its_permissions(ask: Call, cast: Any) -> None:
    own, trusted = cast.keys["member_team"], cast.keys["granted_team"]
    assert ask("member", "GET", f"/key/info?key={own.token}")[0] == 200
    assert ask("member", "POST", "/key/delete", {"keys": [own.token]})[0] == 403
    assert ask("granted", "POST", "/key/delete", {"keys": [trusted.token]})[0] == 200
    robot = cast.keys["project_service"]
    assert ask("project_owner", "POST", "/key/delete", {"keys": [robot.token]})[0] == 200


def test_rule_04_a_platform_viewer_only_reads_and_an_internal_viewer_adds_nothing(ask: Call, cast: Any) -> None:
    join(cast.auditor, cast.organization, "org_admin")
    assert ask("auditor", "POST", "/team/list", {})[0] == 200
    body = {"team_alias": "x", "organization_id": cast.organization.public_id}
    assert ask("auditor", "POST", "/team/new", body)[0] == 403
    assert ask("viewer", "POST", "/key/generate", {})[0] == 403
    assert ask("master", "POST", "/key/generate", {"user_id": cast.viewer.email})[0] == 200
    join(cast.viewer, cast.other_team, "admin")
    member = {"role": "user", "user_id": cast.member.email}
    assert ask("viewer", "POST", "/team/member_add", {"team_id": cast.other_team.public_id, "member": member})[0] == 200


def test_rule_05_an_org_admin_makes_ordinary_people_at_home(ask: Call, cast: Any) -> None:
    def new(address: str, **values: Any) -> int:
        return ask("org_admin", "POST", "/user/new", {"user_email": f"{address}@example.com", **values})[0]

    here = {"organization_id": cast.organization.public_id}
    assert new("a", **here, user_role="internal_user_viewer") == 200
    assert new("b", **here, user_role="proxy_admin") == 403
    assert new("c") == 403
    assert new("d", organization_id=cast.there.organization.public_id) == 404
    assert ask("org_admin", "POST", "/organization/update", {**here, "organization_alias": "renamed"})[0] == 200
    assert ask("org_admin", "POST", "/organization/update", {**here, "max_budget": 1})[0] == 403
    assert ask("org_admin", "POST", "/organization/delete", {"organization_ids": list(here.values())})[0] == 403


def test_rule_06_organizations_are_made_by_the_platform_and_nobody_is_added_unnamed(ask: Call, cast: Any) -> None:
    assert ask("org_admin", "POST", "/organization/new", {"organization_alias": "mine"})[0] == 403
    assert ask("proxy_admin", "POST", "/organization/new", {"organization_alias": "ours"})[0] == 200
    body = {"team_alias": "empty", "organization_id": cast.organization.public_id}
    assert ask("org_admin", "POST", "/team/new", body)[1]["members_with_roles"] == []
    initial = OrganizationFactory(id=INITIAL_ORGANIZATION)
    assert ask("master", "POST", "/organization/delete", {"organization_ids": [initial.public_id]})[0] == 409


def test_rule_07_a_reader_sees_the_name_and_themselves(ask: Call, cast: Any) -> None:
    status, shown = ask("reader", "GET", f"/organization/info?organization_id={cast.organization.public_id}")
    assert status == 200
    assert set(shown) == {"organization_id", "organization_alias", "members", "teams"}
    assert ([member["user_id"] for member in shown["members"]], shown["teams"]) == ([cast.reader.public_id], [])
    assert ask("reader", "GET", f"/team/info?team_id={cast.team.public_id}")[0] == 404


def test_rule_08_an_address_is_a_member_at_once_and_an_unknown_id_only_for_the_platform(ask: Call, cast: Any) -> None:
    def add(name: str, ident: str) -> int:
        member = {"role": "user", "user_id": ident}
        return ask(name, "POST", "/team/member_add", {"team_id": cast.team.public_id, "member": member})[0]

    assert add("team_admin", "New@Example.com") == 200
    assert User.objects.get(public_id="new@example.com").platform_role == "internal_user"
    assert add("team_admin", cast.there.colleague.email) == 200
    assert add("team_admin", "somebody") == 404
    assert add("proxy_admin", "somebody") == 200


def test_rule_09_who_leaves_an_organization_leaves_all_of_it_and_service_keys_stay(ask: Call, cast: Any) -> None:
    body = {"organization_id": cast.organization.public_id, "user_id": cast.member.email}
    assert ask("org_admin", "POST", "/organization/member_delete", body)[0] == 200
    assert not Membership.objects.filter(user=cast.member).exists()
    assert not Key.objects.filter(user=cast.member, organization=cast.organization).exists()
    assert Key.objects.filter(pk=cast.keys["team_service"].pk).exists()
    member = {"role": "user", "user_id": cast.loner.email}
    assert ask("org_admin", "POST", "/team/member_add", {"team_id": cast.team.public_id, "member": member})[0] == 200
    assert Membership.objects.get(user=cast.loner, organization=cast.organization, team=None).role == "internal_user"


def test_rule_10_the_last_admin_stays(ask: Call, cast: Any) -> None:
    demoted = {"organization_id": cast.organization.public_id, "user_id": cast.org_admin.email, "role": "internal_user"}
    assert ask("proxy_admin", "POST", "/organization/member_update", demoted)[0] == 409

    def leave(user: User) -> int:
        body = {"team_id": cast.team.public_id, "user_id": user.email}
        return ask("team_admin", "POST", "/team/member_delete", body)[0]

    assert leave(cast.second_team_admin) == 200
    assert leave(cast.team_admin) == 409
    assert ask("proxy_admin", "POST", "/user/delete", {"user_ids": [cast.proxy_admin.email]})[0] == 409


def test_rule_11_nobody_hands_out_more_than_they_hold(ask: Call, cast: Any) -> None:
    join(cast.org_admin, cast.team, "user")
    body = {"team_id": cast.team.public_id, "user_id": cast.org_admin.email}
    assert ask("team_admin", "POST", "/key/generate", body)[0] == 403
    own = {"key": cast.keys["member_personal"].token}
    assert ask("org_admin", "POST", "/key/block", own)[0] == 200
    assert ask("member", "POST", "/key/unblock", own)[0] == 403
    assert ask("org_admin", "POST", "/key/unblock", own)[0] == 200


def test_rule_12_everybody_explains_themselves_and_nobody_a_stranger(ask: Call, cast: Any) -> None:
    question = {"action": "delete_teams", "kind": "team", "object": cast.team.public_id}
    status, decision = ask("member", "POST", "/access/explain", question)
    assert (status, decision["allowed"]) == (200, False)
    about = {**question, "person": cast.colleague.email}
    assert ask("member", "POST", "/access/explain", about)[0] in (403, 404)
    assert ask("team_admin", "POST", "/access/explain", about)[0] == 200
    assert ask("loner", "POST", "/access/explain", question)[0] == 404


def test_rule_13_a_bulk_request_is_judged_item_by_item_and_done_whole(ask: Call, cast: Any) -> None:
    own, other = cast.keys["member_personal"], cast.keys["colleague_personal"]
    assert ask("member", "POST", "/key/delete", {"keys": [own.token, other.token]})[0] == 404
    assert Key.objects.filter(pk__in=[own.pk, other.pk]).count() == 2
    assert ask("member", "POST", "/key/delete", {"keys": [own.token]})[0] == 200
