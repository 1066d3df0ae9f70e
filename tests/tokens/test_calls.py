"""Calls with tokens, and calls by role: the same admission as for keys."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gateway import admission
from gateway.admission import Admission, Refusal, Refused
from gateway.effective import effective_for_key
from gateway.ledger.models import Usage
from gateway.ledger.recording import recorder
from keys.models import Key
from rbacadmin.config_file.shapes import RolePermission
from rbacadmin.config_file.tokens import JwtAuth
from teams.models import Membership, Team
from tests.support import oidc
from tests.tokens.conftest import Sign
from tests.world import World

ROUTE = "/v1/chat/completions"


def call(token: str, model: str = "gpt-4o", route: str = ROUTE) -> Admission:
    now = time.time()
    caller = admission.authenticate(token, now)
    return admission.admit(caller, model=model, route=route, prompt_tokens=1, completion_tokens=1, now=now)


def refusal(token: str, **more: Any) -> Refusal:
    with pytest.raises(Refused) as error:
        call(token, **more)
    return error.value.refusal


@pytest.fixture
def member(cast: World, settings: Any, provider: oidc.Provider) -> Any:
    """A member of a team whom tokens name `ann`."""
    settings.JWT_AUTH = JwtAuth.model_validate({
        "team_id_jwt_field": "team", "roles_jwt_field": "roles", "end_user_id_jwt_field": "customer",
        "role_mappings": [
            {"role": "machine", "internal_role": "team"}, {"role": "client", "internal_role": "customer"},
        ],
        "enforce_scope_based_access": False, "admin_jwt_scope": "admin",
    })  # fmt: skip
    cast.member.sso_id = "ann"
    cast.member.save()
    return cast.member


def test_a_persons_token_calls_in_the_team_that_it_names(cast: World, member: Any, sign: Sign) -> None:
    caller = admission.authenticate(sign(team=cast.team.public_id))
    assert [level.kind for level in caller.levels] == ["member", "team", "organization"]
    assert [level.kind for level in caller.rated][-1] == "user"
    assert (caller.user_id, caller.team_id, caller.organization_id) == (
        member.pk, cast.team.pk, cast.organization.pk,
    )  # fmt: skip
    assert call(sign(team=cast.team.public_id)).deployment.name == "gpt-4o"
    assert refusal(sign(team=cast.team.public_id), model="o3").status == 403
    assert call(sign()).caller.levels[0].kind == "organization"  # their only one


def test_levels_bind_tokens_as_they_bind_keys(cast: World, member: Any, sign: Sign) -> None:
    Team.objects.filter(pk=cast.team.pk).update(rpm_limit=1)
    token = sign(team=cast.team.public_id)
    call(token)
    assert refusal(token).status == 429
    Team.objects.filter(pk=cast.team.pk).update(blocked_by="platform")
    admission.forget()
    assert refusal(token).status == 403
    Membership.objects.filter(user=member, team=cast.team).delete()
    admission.forget()
    assert (refusal(token).status, refusal(token).code) == (403, "auth_error")


def test_a_teams_token_and_a_customers_call_within_the_team(cast: World, member: Any, sign: Sign) -> None:
    machine = sign(sub="m", roles=["machine"], team=cast.team.public_id)
    assert [level.kind for level in call(machine).caller.levels] == ["team", "organization"]
    client = sign(sub="c", roles=["client"], team=cast.team.public_id, customer="c-1")
    assert call(client).caller.metadata == {"customer": "c-1"}
    assert refusal(sign(sub="c", roles=["client"])).status == 403
    assert refusal(machine, route="/team/new").status == 403


def test_a_customers_token_calls_for_that_customer_whoever_it_names(cast: World, member: Any, sign: Sign) -> None:
    token = sign(sub="c", roles=["client"], team=cast.team.public_id, customer="c-1")
    body = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "user": "c-2", "mock_response": "Hi"}
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().post(ROUTE, body, "application/json", headers=headers).status_code == 200
    recorder.flush()
    assert Usage.objects.get().customer == "c-1"


def test_of_several_teams_a_call_names_one(cast: World, member: Any, sign: Sign, settings: Any) -> None:
    settings.JWT_AUTH = settings.JWT_AUTH.model_copy(update={"team_id_jwt_field": "", "team_ids_jwt_field": "teams"})
    token = sign(sub="m", roles=["machine"], teams=[cast.team.public_id, cast.other_team.public_id])
    for _ in range(2):
        assert refusal(token).status == 400
        assert admission.authenticate(token, team=cast.other_team.public_id).team_id == cast.other_team.pk
        assert admission.authenticate(token, team=cast.team.public_id).team_id == cast.team.pk
        with pytest.raises(Refused) as error:
            admission.authenticate(token, team=cast.granted_team.public_id)
        assert error.value.refusal.status == 403
    key = cast.here.keys["member_team"].secret  # type: ignore[attr-defined]
    assert admission.authenticate(key, team=cast.other_team.public_id).team_id == cast.team.pk


def test_an_admins_token_manages_and_calls_no_model(cast: World, member: Any, sign: Sign) -> None:
    found = refusal(sign(sub="ops", scope="admin"))
    assert (found.status, found.level) == (403, "token")


def test_bad_tokens_are_refused_as_they_are_elsewhere(
    cast: World, member: Any, sign: Sign, provider: oidc.Provider
) -> None:
    assert refusal(sign(exp=int(time.time()) - 999)).code == "expired_key"
    for token in (sign(aud="else"), sign(sub="nobody"), sign(key=oidc.new_key()), "eyJ.eyJ.x"):
        assert refusal(token).status == 401
    assert refusal(sign(team="none")).status == 403
    provider.broken = 500
    from keys.tokens import verification

    verification._current = None
    admission.forget()
    found = refusal(sign())
    assert (found.status, found.code) == (503, "auth_provider_unavailable")
    assert dict(found.headers)["retry-after"] == "5"


@pytest.mark.parametrize(
    ("values", "model", "allowed"),
    [
        ({"models": ["claude"]}, "gpt-4o", False),
        ({"models": ["gpt-4*"]}, "gpt-4o", True),
        ({"models": ["fast"]}, "claude", True),
        ({"models": ["o3", "*"]}, "o3", False),  # never more than the organization has
        ({"routes": ["/v1/embeddings", "info_routes"]}, "gpt-4o", False),
        ({"routes": ["openai_routes"]}, "gpt-4o", True),
        ({"routes": ["info_routes"]}, "gpt-4o", False),
    ],
    ids=str,
)
def test_permissions_of_a_role_bind_keys_and_tokens(
    cast: World, member: Any, sign: Sign, settings: Any, values: dict[str, Any], model: str, allowed: bool
) -> None:
    settings.ROLE_PERMISSIONS = [RolePermission.model_validate({"role": "internal_user", **values})]
    for secret in (sign(team=cast.team.public_id), cast.here.keys["member_team"].secret):  # type: ignore[attr-defined]
        if allowed:
            assert call(secret, model).deployment.name == model
        else:
            assert refusal(secret, model=model).status == 403


def test_a_roles_limits_are_for_people_without_their_own(
    cast: World, member: Any, sign: Sign, settings: Any, generated: Callable[..., str]
) -> None:
    settings.ROLE_PERMISSIONS = [
        RolePermission.model_validate({"role": "internal_user", "rpm_limit": 1, "max_budget": 0, "tpm_limit": 50})
    ]
    secret = generated(member)
    assert effective_for_key(Key.objects.get(alias="by-role")).bounds["rpm_limit"].value == 1
    found = refusal(secret)
    assert found.status == 422, "the role's budget of 0"
    member.max_budget, member.rpm_limit = 10**9, 2
    member.save()
    admission.forget()
    call(secret)
    call(secret)
    assert refusal(secret).status == 429
    bounds = effective_for_key(Key.objects.get(alias="by-role")).bounds
    assert (bounds["rpm_limit"].value, bounds["tpm_limit"].value, bounds["max_budget"].value) == (2, 50, 10**9)


@pytest.fixture
def generated(cast: World) -> Callable[..., str]:
    """A personal key in the organization, and its secret."""
    from keys.services import generate_key
    from rbacadmin.policy import Actor

    def make(person: Any) -> str:
        _key, secret = generate_key(
            Actor.for_user(person), owner=person, organization=cast.organization, alias="by-role"
        )
        return secret

    return make


def test_a_membership_that_ends_ends_the_token_in_memory(cast: World, member: Any, sign: Sign) -> None:
    soon = timezone.now() + timedelta(seconds=20)
    Membership.objects.filter(user=member, team=cast.team).update(expires_at=soon)
    token = sign(team=cast.team.public_id)
    assert admission.authenticate(token).fresh_until <= soon.timestamp()
