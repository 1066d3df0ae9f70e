"""What the notes of the matrix and the rulebook say beyond allow, own and deny."""

from typing import Any

import pytest

from keys.models import Key
from orgs.models import Organization
from rbacadmin.models import AuditEvent
from rbacadmin.policy import INITIAL_ORGANIZATION
from teams.models import Membership, Team, User
from tests.factories import KeyFactory, OrganizationFactory, UserFactory, join
from tests.world import World


def refused(event: str) -> int:
    return AuditEvent.objects.filter(event=event, outcome="refused").count()


def test_an_owner_of_the_initial_organization_founds_others_and_becomes_their_admin(world: World, api: Any) -> None:
    """ORG-01, rulebook 6."""
    founder = UserFactory()
    initial = OrganizationFactory(id=INITIAL_ORGANIZATION, alias="initial")
    join(founder, initial, "org_admin")
    answer = api("POST", "/organization/new", {"organization_alias": "second"}, token=KeyFactory(user=founder).secret)
    assert answer.status_code == 200
    founded = Organization.objects.get(alias="second")
    assert list(founded.memberships.values_list("user", "role")) == [(founder.pk, "org_admin")]


@pytest.mark.parametrize("name", ["org_admin", "proxy_admin"])
@pytest.mark.parametrize("fields", [{"max_budget": 1001}, {"models": ["gpt-5"]}])
def test_nobody_raises_a_team_above_its_organization(world: World, api: Any, name: str, fields: dict[str, Any]) -> None:
    """TEA-07, TEA-11, rulebook 14."""
    before = Team.objects.values("max_budget", "models").get(pk=world.team.pk)
    answer = api("POST", "/team/update", {"team_id": world.team.public_id, **fields}, as_=name)
    assert answer.status_code == 400
    assert next(iter(fields)) in answer.content.decode()
    assert Team.objects.values("max_budget", "models").get(pk=world.team.pk) == before


def test_a_refused_update_is_refused_whole(world: World, api: Any) -> None:
    """Rulebook 1: the allowed half of a request is not applied either."""
    body = {"team_id": world.team.public_id, "team_alias": "renamed", "rpm_limit": 50, "max_budget": 150}
    assert api("POST", "/team/update", body, as_="team_admin").status_code == 403
    team = Team.objects.get(pk=world.team.pk)
    assert (team.alias, team.rpm_limit) == ("acme core", 100)
    assert refused("team.update") == 1


def test_a_team_admin_sets_member_permissions_and_limits_in_one_request_or_not_at_all(world: World, api: Any) -> None:
    body = {"team_id": world.team.public_id, "team_member_permissions": ["/key/generate"], "max_budget": 150}
    assert api("POST", "/team/update", body, as_="team_admin").status_code == 403
    answer = api("GET", f"/team/permissions_list?team_id={world.team.public_id}", as_="team_admin")
    assert answer.json()["team_member_permissions"] == ["/key/info", "/key/health"]


@pytest.mark.parametrize("name", ["org_admin", "team_admin"])
def test_a_foreign_address_and_an_unknown_one_are_invited_alike(world: World, api: Any, name: str) -> None:
    """ORM-02, rulebook 8: the answer does not tell whether the address is known elsewhere."""
    answers = []
    for address in ("colleague@globex.example.com", "nobody-yet@globex.example.com"):
        body = {"team_id": world.team.public_id, "member": {"role": "user", "user_id": address}}
        answer = api("POST", "/team/member_add", body, as_=name)
        assert answer.status_code == 200
        people = answer.json()["updated_users"], answer.json()["updated_team_memberships"]
        answers.append(without_times(str(people).replace(address, "<address>")))
        Membership.objects.filter(user__email=address, organization=world.organization).delete()
    assert answers[0] == answers[1]


def without_times(text: str) -> str:
    import re

    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "<time>", text)


@pytest.mark.parametrize("name", ["org_admin", "team_admin"])
def test_an_unknown_id_that_is_no_address_is_not_there(world: World, api: Any, name: str) -> None:
    body = {"team_id": world.team.public_id, "member": {"role": "user", "user_id": "somebody"}}
    assert api("POST", "/team/member_add", body, as_=name).status_code == 404


def test_a_platform_admin_may_name_an_unknown_id(world: World, api: Any) -> None:
    body = {"team_id": world.team.public_id, "member": {"role": "user", "user_id": "somebody"}}
    assert api("POST", "/team/member_add", body, as_="proxy_admin").status_code == 200
    assert User.objects.get(public_id="somebody").platform_role == "internal_user"


def test_no_key_is_minted_for_who_ranks_above(world: World, api: Any) -> None:
    """KEY-02, rulebook 11: a team admin cannot act as an organization admin who joined the team."""
    join(world.org_admin, world.team, "user")
    body = {"team_id": world.team.public_id, "user_id": world.org_admin.email}
    answer = api("POST", "/key/generate", body, as_="team_admin")
    assert answer.status_code == 403
    assert refused("key.generate") == 1


def test_a_platform_admins_key_in_an_organization_is_no_platform_admin(world: World, api: Any) -> None:
    join(world.proxy_admin, world.organization, "internal_user")
    answer = api("POST", "/key/generate", {"user_id": "root@example.com"}, as_="org_admin")
    key = Key.objects.filter(user=world.proxy_admin, organization=world.organization).first()
    assert answer.status_code == 200, "it acts in the organization only, where its owner is but a reader"
    assert key is not None
    token = answer.json()["key"]
    assert api("POST", "/organization/new", {"organization_alias": "mine"}, token=token).status_code == 403
    info = api("GET", f"/organization/info?organization_id={world.there.organization.public_id}", token=token)
    assert info.status_code == 404


def test_a_team_admin_mints_only_in_the_team(world: World, api: Any) -> None:
    """KEY-02: team_admin: members, and team_id required."""
    assert api("POST", "/key/generate", {"user_id": world.colleague.email}, as_="team_admin").status_code == 403
    body = {"user_id": world.outsider.email, "team_id": world.team.public_id}
    assert api("POST", "/key/generate", body, as_="team_admin").status_code == 404, "no member of the team is visible"
    body = {"user_id": world.outsider.email, "team_id": world.team.public_id}
    assert api("POST", "/key/generate", body, as_="org_admin").status_code == 400, "visible, but no member of the team"


@pytest.mark.parametrize(("level", "status"), [("owner", 200), ("team", 403), ("organization", 403), ("platform", 403)])
def test_a_member_lifts_no_block_from_above(world: World, api: Any, level: str, status: int) -> None:
    """KEY-25: never a key blocked by a higher rank."""
    key = world.here.keys["granted_colleague_team"]
    Key.objects.filter(pk=key.pk).update(blocked_by=level)
    assert api("POST", "/key/unblock", {"key": key.token}, as_="granted").status_code == status
    assert Key.objects.get(pk=key.pk).blocked_by == ("" if status == 200 else level)


def test_a_block_does_not_sink(world: World, api: Any) -> None:
    key = world.here.keys["granted_team"]
    assert api("POST", "/key/block", {"key": key.token}, as_="org_admin").status_code == 200
    assert api("POST", "/key/block", {"key": key.token}, as_="granted").status_code == 200
    assert Key.objects.get(pk=key.pk).blocked_by == "organization"
    assert api("POST", "/key/unblock", {"key": key.token}, as_="proxy_admin").status_code == 200


def test_the_list_of_ten_does_not_let_a_member_raise_a_key(world: World, api: Any) -> None:
    """KEY-14: still narrow-only."""
    key = world.here.keys["granted_colleague_team"]
    Key.objects.filter(pk=key.pk).update(max_budget=5 * 10**9)
    assert api("POST", "/key/update", {"key": key.token, "max_budget": 6}, as_="granted").status_code == 403
    assert api("POST", "/key/update", {"key": key.token, "max_budget": 6}, as_="org_admin").status_code == 200


def test_deleting_is_all_or_nothing(world: World, api: Any) -> None:
    mine, hidden = world.here.keys["member_personal"], world.there.keys["member_personal"]
    answer = api("POST", "/key/delete", {"keys": [mine.token, hidden.token]}, as_="member")
    assert answer.status_code == 404
    assert Key.objects.filter(pk__in=[mine.pk, hidden.pk]).count() == 2


@pytest.mark.parametrize(("given", "held"), [(None, ["/key/info", "/key/health"]), ([], [])])
def test_null_restores_the_default_permissions_and_an_empty_list_removes_all(
    world: World, api: Any, given: Any, held: list[str]
) -> None:
    """Rulebook 19."""
    body = {"team_id": world.granted_team.public_id, "team_member_permissions": given}
    answer = api("POST", "/team/update", body, as_="org_admin")
    assert answer.json()["data"]["team_member_permissions"] == held


def test_a_member_does_exactly_what_the_team_allows(world: World, api: Any) -> None:
    """Seed 003: create and update keys, but not delete them."""
    body = {"team_id": world.team.public_id, "team_member_permissions": ["/key/generate", "/key/update"]}
    assert api("POST", "/team/permissions_update", body, as_="team_admin").status_code == 200
    made = api("POST", "/key/generate", {"team_id": world.team.public_id}, as_="member")
    assert made.status_code == 200
    key = {"key": made.json()["token"]}
    assert api("POST", "/key/update", {**key, "key_alias": "mine"}, as_="member").status_code == 200
    assert api("POST", "/key/delete", {"keys": [key["key"]]}, as_="member").status_code == 403
    hidden = world.here.keys["colleague_team"]
    assert api("GET", f"/key/info?key={hidden.token}", as_="member").status_code == 404, "/key/info was taken away"


def test_what_a_key_bound_to_a_team_does_stays_there(world: World, api: Any) -> None:
    """Rulebook 17: the owner is an organization's admin, the key is not."""
    token = KeyFactory(user=world.org_admin, team=world.team, organization=world.organization).secret
    assert (
        api("POST", "/team/update", {"team_id": world.team.public_id, "team_alias": "new"}, token=token).status_code
        == 200
    )
    other = {"team_id": world.other_team.public_id, "team_alias": "new"}
    assert api("POST", "/team/update", other, token=token).status_code == 404
    body = {"team_alias": "another", "organization_id": world.organization.public_id}
    assert api("POST", "/team/new", body, token=token).status_code == 404, "the organization is out of reach"


def test_nobody_chooses_a_secret(world: World, api: Any) -> None:
    """Rulebook 17: a `key` chosen by the caller is 400."""
    answer = api("POST", "/key/generate", {"key": "sk-chosen-by-me-1234567890"}, as_="proxy_admin")
    assert answer.status_code == 400


def test_reasons_name_only_what_the_asker_can_see(world: World, api: Any) -> None:
    """EXP-02, rulebook 12."""
    join(world.colleague, world.there.team, "admin")
    body = {"action": "see_teams", "kind": "team", "object": world.team.public_id, "person": world.colleague.email}
    answer = api("POST", "/access/explain", body, as_="team_admin")
    assert answer.status_code == 200
    assert str(world.there.team.pk) not in answer.content.decode()
