"""Whom a verified token stands for: people, teams, customers, admins; and what it never makes of anybody."""

from collections.abc import Callable
from typing import Any

import pytest

from keys.tokens import Principal, TokenRefused, principal_for
from rbacadmin import policy
from rbacadmin.config_file.tokens import JwtAuth, RoleMapping, ScopeMapping
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Action, Origin
from teams.models import Membership, Team, User
from tests.support import oidc
from tests.tokens.conftest import Sign
from tests.world import World

Set = Callable[..., None]


@pytest.fixture
def auth(settings: Any, provider: oidc.Provider) -> Set:
    """`auth(team_id_jwt_field="team")`: how claims are read from now on."""

    def configure(**values: Any) -> None:
        settings.JWT_AUTH = JwtAuth.model_validate(values)

    return configure


def refused(token: str, status: int, match: str | None = None) -> None:
    with pytest.raises(TokenRefused, match=match) as error:
        principal_for(token)
    assert error.value.status == status


def known(cast: World, name: str = "member") -> User:
    person: User = getattr(cast, name)
    person.sso_id = "ann"
    person.save()
    return person


def test_a_person_is_known_by_the_providers_id_or_by_ours(cast: World, sign: Sign) -> None:
    person = known(cast)
    assert principal_for(sign()).user == person
    found = principal_for(sign(sub=cast.loner.public_id))
    assert (found.kind, found.user, found.team, found.role) == ("user", cast.loner, None, "")


def test_a_person_has_their_own_rights_of_this_moment(cast: World, sign: Sign) -> None:
    person, token = known(cast, "team_admin"), sign()
    assert policy.can(principal_for(token).actor(Origin()), Action.MANAGE_MEMBERS, cast.team)
    Membership.objects.filter(user=person).delete()
    assert not policy.can(principal_for(token).actor(Origin()), Action.MANAGE_MEMBERS, cast.team)


def test_somebody_unknown_blocked_or_of_a_service_is_nobody(cast: World, sign: Sign) -> None:
    refused(sign(), 401, "Nobody here")
    refused(sign(sub=None), 401)
    person = known(cast)
    person.blocked_by = "platform"
    person.save()
    refused(sign(), 401, "blocked")
    service = User.objects.filter(kind=User.Kind.SERVICE).first()
    if service is not None:
        refused(sign(sub=service.public_id), 401)


def test_an_address_that_the_provider_did_not_verify_names_nobody(cast: World, sign: Sign, auth: Set) -> None:
    auth(user_email_jwt_field="email")
    address = cast.loner.email
    assert principal_for(sign(sub="x", email=address, email_verified=True)).user == cast.loner
    refused(sign(sub="x", email=address, email_verified=False), 401)
    auth(user_id_jwt_field="email")
    refused(sign(email=address, email_verified="false"), 401)
    assert principal_for(sign(email=address, email_verified=True)).user == cast.loner


def test_an_id_and_an_address_of_two_people_are_nobodys(cast: World, sign: Sign, auth: Set) -> None:
    known(cast)
    auth(user_email_jwt_field="email")
    refused(sign(email=cast.loner.email), 401, "two people")
    refused(sign(sub="other", email=cast.member.email), 401)  # whom the provider calls otherwise


def test_only_the_domain_that_may_come_in(cast: World, sign: Sign, auth: Set) -> None:
    auth(user_email_jwt_field="email", user_allowed_email_domain="example.com")
    assert principal_for(sign(sub="x", email=cast.loner.email)).user == cast.loner
    known(cast)
    for address in ("root@evil.com", "a@example.com.evil.com", "a@sub.example.com", "example.com", None):
        refused(sign(email=address), 403, "domain")


def test_only_the_roles_that_may_come_in(cast: World, sign: Sign, auth: Set) -> None:
    known(cast)
    auth(user_roles_jwt_field="realm.roles", user_allowed_roles=["llm"])
    assert principal_for(sign(realm={"roles": ["x", "llm"]})).user
    for realm in (None, {"roles": []}, {"roles": ["LLM"]}, "llm"):
        refused(sign(realm=realm), 403)


MAPPED: dict[str, Any] = {
    "roles_jwt_field": "roles",
    "role_mappings": [
        {"role": "boss", "internal_role": "proxy_admin"},
        {"role": "llm-*", "internal_role": "internal_user"},
        {"jwt_role": "machines", "litellm_role": "TEAM"},
        {"role": "clients", "internal_role": "customer"},
    ],
}


def test_roles_are_mapped_and_an_admin_is_named_in_full(cast: World, sign: Sign, auth: Set) -> None:
    auth(**MAPPED, enforce_rbac=True)
    known(cast)
    assert principal_for(sign(roles=["llm-a", "other"])).role == "internal_user"
    assert principal_for(sign(roles=["boss"], sub="machine")).kind == "admin"
    for roles in (["Boss"], ["boss*"], ["proxy_admin"], [], None, "x"):
        refused(sign(roles=roles), 403, "enforce_rbac")
    with pytest.raises(ValueError, match="named? .*in full|name the role in full"):
        RoleMapping.model_validate({"role": "b*", "internal_role": "proxy_admin"})


def test_a_mapped_role_never_widens_what_a_person_may(cast: World, sign: Sign, auth: Set) -> None:
    auth(**MAPPED)
    known(cast)
    actor = principal_for(sign(roles=["boss"])).actor(Origin())
    assert actor.platform_role == "internal_user"
    assert not policy.can(actor, Action.CHANGE_SETTINGS)


def test_an_admin_by_scope_is_off_until_the_scope_is_named(cast: World, sign: Sign, auth: Set, api: Any) -> None:
    token = sign(sub="ops", scope="openid litellm_proxy_admin")
    refused(token, 401)
    auth(admin_jwt_scope="litellm_proxy_admin")
    assert principal_for(token).kind == "admin"
    assert api("GET", "/organization/list", token=token).status_code == 200
    answer = api("POST", "/team/new", {"team_alias": "by token"}, token=token)
    assert answer.status_code == 200, answer.content
    event = AuditEvent.objects.get(event="team.created")
    assert (event.principal, event.actor_label) == ("jwt:ops", "ops (token)")
    assert token not in str(event.details)
    refused(sign(sub="ops", scope="litellm_proxy_admins x"), 401)


def test_a_team_is_a_principal_without_a_person(cast: World, sign: Sign, auth: Set, api: Any) -> None:
    auth(**MAPPED, team_id_jwt_field="team")
    token = sign(sub="robot", roles=["machines"], team=cast.team.public_id)
    found = principal_for(token)
    assert (found.kind, found.team, found.user, found.role) == ("team", cast.team, None, "team")
    actor = found.actor(Origin())
    assert policy.can(actor, Action.CALL_MODELS, cast.team)
    assert not policy.can(actor, Action.CALL_MODELS, cast.other_team)
    assert api("GET", "/team/info", token=token, QUERY_STRING=f"team_id={cast.team.public_id}").status_code == 200
    assert api("POST", "/team/new", {"team_alias": "x"}, token=token).status_code == 403
    refused(sign(sub="robot", roles=["machines"], team="none"), 403, "no team that is known")
    refused(sign(sub="robot", roles=["machines"]), 403)


def test_a_team_that_a_person_is_not_in_is_refused(cast: World, sign: Sign, auth: Set) -> None:
    auth(team_id_jwt_field="team", team_ids_jwt_field="teams", team_alias_jwt_field="name", org_id_jwt_field="org")
    known(cast)
    assert principal_for(sign(team=cast.team.public_id)).team == cast.team
    assert principal_for(sign(name=cast.team.alias.upper())).team == cast.team
    refused(sign(team=cast.other_team.public_id), 403, "in no team")
    refused(sign(team=cast.there.team.public_id), 403)
    refused(sign(org=cast.there.organization.public_id), 403)
    refused(sign(team=cast.team.public_id, org=cast.there.organization.public_id), 403, "another organization")
    found = principal_for(sign(teams=[cast.team.public_id, cast.other_team.public_id, "gone"]))
    assert found.teams == (cast.team,)


def test_of_several_teams_the_caller_chooses(cast: World, sign: Sign, auth: Set) -> None:
    auth(**MAPPED, team_ids_jwt_field="teams")
    found = principal_for(sign(roles=["machines"], teams=[cast.team.public_id, cast.other_team.public_id]))
    assert found.team is None
    assert found.in_team(cast.other_team.public_id).team == cast.other_team
    for ident, status in (("", 400), (cast.granted_team.public_id, 403)):
        with pytest.raises(TokenRefused) as error:
            found.in_team(ident)
        assert error.value.status == status


def test_a_customer_has_nothing_on_the_management_side(cast: World, sign: Sign, auth: Set, api: Any) -> None:
    auth(**MAPPED, end_user_id_jwt_field="customer")
    token = sign(roles=["clients"], customer="c-7")
    found = principal_for(token)
    assert (found.kind, found.customer, found.user, found.team) == ("customer", "c-7", None, None)
    assert api("GET", "/team/list", token=token).json() == []
    assert api("POST", "/key/generate", {}, token=token).status_code == 403


def test_scopes_give_only_what_they_are_mapped_to(cast: World, sign: Sign, auth: Set, api: Any) -> None:
    known(cast)
    auth(
        enforce_scope_based_access=True,
        scope_mappings=[
            {"scope": "read", "routes": ["info_routes"], "models": ["gpt-4"]},
            {"scope": "chat", "routes": ["/v1/chat/completions"], "models": ["gpt-4o"]},
            ScopeMapping(scope="keys", routes=["/key/*"]).model_dump(),
        ],
    )
    found = principal_for(sign(scope="read chat other"))
    assert found.models == (("gpt-4", "gpt-4o"),)
    assert found.routes == (("info_routes", "/v1/chat/completions"),)
    assert principal_for(sign(scope="read keys")).models == ()
    refused(sign(scope="other"), 403)
    refused(sign(), 403)
    assert api("GET", "/team/list", token=sign(scope="read")).status_code == 200
    assert api("GET", "/team/list", token=sign(scope="chat")).status_code == 403
    assert api("POST", "/key/generate", {}, token=sign(scope="read")).status_code == 403


def test_nobody_and_nothing_is_made_unless_it_is_configured(cast: World, sign: Sign, auth: Set) -> None:
    auth(user_email_jwt_field="email", team_id_jwt_field="team")
    counts = (User.objects.count(), Team.objects.count(), AuditEvent.objects.count())
    refused(sign(email="new@example.com", team="new-team"), 401)
    refused(sign(email="new@example.com"), 401)
    assert (User.objects.count(), Team.objects.count(), AuditEvent.objects.count()) == counts


def test_what_is_made_is_made_by_the_services_and_on_record(cast: World, sign: Sign, auth: Set) -> None:
    auth(
        user_email_jwt_field="email", user_allowed_email_domain="example.com", user_id_upsert=True,
        team_id_jwt_field="team", team_id_upsert=True, **MAPPED,
    )  # fmt: skip
    found = principal_for(sign(sub="new-1", email="new@example.com", roles=["llm-a"]))
    assert found.user is not None
    assert (found.user.platform_role, found.user.email, found.user.public_id) == (
        "internal_user", "new@example.com", "new-1",
    )  # fmt: skip
    event = AuditEvent.objects.get(event="user.created")
    assert (event.principal, event.actor_label) == ("jwt", "token provisioning")
    assert principal_for(sign(sub="new-1", email="new@example.com")).user == found.user
    team = principal_for(sign(roles=["machines"], team="made-1")).team
    assert team is not None
    assert (team.public_id, team.organization) == ("made-1", None)
    assert AuditEvent.objects.get(event="team.created").principal == "jwt"
    refused(sign(sub="evil", email="new@evil.com"), 403)


def test_people_follow_their_claims_where_that_is_on(cast: World, sign: Sign, auth: Set) -> None:
    auth(**MAPPED, team_ids_jwt_field="teams", sync_user_role_and_teams=True)
    person = known(cast, "loner")
    found = principal_for(sign(roles=["boss"], teams=[cast.team.public_id]))
    assert found.user is not None
    assert found.user.platform_role == "proxy_admin"
    assert Membership.objects.filter(user=person, team=cast.team).exists()
    found = principal_for(sign(roles=["llm-x"], teams=[]))
    assert found.user is not None
    assert found.user.platform_role == "internal_user"
    assert not Membership.objects.filter(user=person, team=cast.team).exists()


def test_a_good_token_costs_few_queries(cast: World, sign: Sign, auth: Set, django_assert_max_num_queries: Any) -> None:
    auth(team_id_jwt_field="team", org_id_jwt_field="org")
    known(cast)
    token = sign(team=cast.team.public_id, org=cast.organization.public_id)
    principal_for(token)
    with django_assert_max_num_queries(7):
        found: Principal = principal_for(token)
    assert found.organization == cast.organization
    with django_assert_max_num_queries(0), pytest.raises(TokenRefused):
        principal_for(sign(aud="else"))
