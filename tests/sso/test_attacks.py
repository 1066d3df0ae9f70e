"""What single sign-on refuses, each on record."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from teams.models import Invitation, User
from teams.services import block_users, update_user
from tests.sso.conftest import SignIn, assert_refused, newcomer, to_provider, way_back
from tests.support import oidc
from tests.world import World


def test_nobody_is_matched_by_an_address_alone(cast: World, sign_in: SignIn, provider: oidc.Provider):
    """Whoever has been here, by whatever door, is no newcomer: the provider's word on an address opens nothing."""
    user = newcomer(last_login=timezone.now())
    assert_refused(sign_in(), "nobody here")
    user.last_login = None
    user.set_password("a password of their own")
    user.save()
    assert_refused(sign_in(), "nobody here")
    user.refresh_from_db()
    assert user.sso_id is None
    assert Invitation.objects.get(user=user).accepted_at is None


@pytest.mark.parametrize("invitation", ["none", "expired", "accepted"])
def test_without_a_living_invitation_there_is_no_first_sign_in(cast: World, sign_in: SignIn, invitation: str):
    user = newcomer()
    past = timezone.now() - timedelta(minutes=1)
    change = {"none": {}, "expired": {"expires_at": past}, "accepted": {"accepted_at": past}}[invitation]
    rows = Invitation.objects.filter(user=user)
    rows.update(**change) if change else rows.delete()
    assert_refused(sign_in(), "nobody here")


@pytest.mark.parametrize("verified", [False, None, "false", "yes", 1])
def test_an_address_that_is_not_verified_opens_nothing(
    cast: World, sign_in: SignIn, provider: oidc.Provider, verified: Any
):
    newcomer()
    provider.person = {**provider.person, "email_verified": verified}
    assert_refused(sign_in(), "nobody here")


def test_an_unknown_identity_makes_no_account(cast: World, sign_in: SignIn):
    before = User.objects.count()
    assert_refused(sign_in(), "nobody here")
    assert User.objects.count() == before


def test_a_blocked_person_does_not_get_in(cast: World, sign_in: SignIn, provider: oidc.Provider):
    update_user(cast.actor("proxy_admin"), cast.member, sso_id="acme-1")
    block_users(cast.actor("proxy_admin"), [cast.member])
    assert_refused(sign_in(), "blocked")


@pytest.mark.parametrize(
    "twist",
    [
        {"aud": "another-client"},
        {"aud": [oidc.CLIENT, "another-client"], "azp": "another-client"},
        {"iss": "https://elsewhere.example.com"},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"iat": None},
        {"sub": None},
    ],
    ids=lambda twist: "-".join(f"{name}:{value}" for name, value in twist.items()),
)
def test_a_token_for_or_of_somebody_else_is_refused(
    cast: World, sign_in: SignIn, provider: oidc.Provider, twist: dict[str, Any]
):
    newcomer()
    provider.twisted = twist
    assert_refused(sign_in(), "The token was")


def test_a_token_with_another_nonce_is_refused(cast: World, sign_in: SignIn, provider: oidc.Provider):
    newcomer()
    provider.twisted = {"nonce": "of another sign-in"}
    assert_refused(sign_in(), "another sign-in's token")


def test_a_bad_signature_is_refused_though_it_came_from_the_provider(
    cast: World, sign_in: SignIn, provider: oidc.Provider
):
    newcomer()
    provider.signing_key = oidc.new_key()
    assert_refused(sign_in(), "The token was refused")


@pytest.mark.parametrize("algorithm", ["HS256", "none"])
def test_an_algorithm_that_anybody_can_use_is_refused(
    cast: World, sign_in: SignIn, provider: oidc.Provider, algorithm: str
):
    newcomer()
    provider.algorithm, provider.signing_key = algorithm, (oidc.SECRET if algorithm == "HS256" else None)
    assert_refused(sign_in(), "The token was refused")


def test_an_unknown_key_is_refused(cast: World, sign_in: SignIn, provider: oidc.Provider):
    newcomer()
    provider.header = {"kid": "second"}
    assert_refused(sign_in(), "The token was refused")


def test_a_userinfo_about_somebody_else_is_refused(cast: World, sign_in: SignIn, provider: oidc.Provider):
    newcomer()
    provider.userinfo = {"sub": "acme-2", "email": "ann@example.com", "email_verified": True}
    assert_refused(sign_in(), "The userinfo")


def test_what_is_signed_wins_over_the_userinfo(cast: World, sign_in: SignIn, provider: oidc.Provider):
    newcomer()
    provider.person = {**provider.person, "email_verified": False}
    provider.userinfo = {"email_verified": True}
    assert_refused(sign_in(), "nobody here")


def test_a_state_works_once_and_in_its_own_browser_only(cast: World, provider: oidc.Provider):
    newcomer()
    client = Client()
    back = way_back(to_provider(client))
    assert_refused(Client().get(back), "")
    assert client.get(back).status_code == 302
    client.logout()
    assert_refused(client.get(back), "")
    assert_refused(client.get("/accounts/sso/callback/?code=x&state=invented"), "")
    assert_refused(client.get("/accounts/sso/callback/"), "")


def test_a_discovery_document_of_another_issuer_is_refused(cast: World, provider: oidc.Provider):
    provider.named_issuer = "https://elsewhere.example.com"
    answer = Client().post("/accounts/sso/")
    assert answer.status_code == 502


def test_an_address_that_tries_too_often_waits(cast: World, provider: oidc.Provider):
    for _ in range(30):
        Client().get("/accounts/sso/callback/")
    answer = Client().get("/accounts/sso/callback/")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
