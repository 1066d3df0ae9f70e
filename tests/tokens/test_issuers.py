"""Several issuers are believed: the id that one of them gives a person is nobody's in the mouth of another."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from keys.tokens import TokenRefused
from keys.tokens.people import principal_of
from keys.tokens.principal import Principal
from keys.tokens.verification import verified
from rbacadmin.config_file.tokens import Issuer, JwtAuth
from rbacadmin.errors import Duplicate
from rbacadmin.policy import Origin
from teams.models import User
from teams.services.accounts import update_user
from teams.services.identities import bind_identity, person_of, platform
from teams.sso import identity_of
from tests.support import oidc
from tests.tokens.conftest import AUDIENCE
from tests.world import World


@pytest.fixture(scope="module")
def second() -> Iterator[oidc.Provider]:
    with oidc.running() as provider:
        yield provider


@pytest.fixture
def other(second: oidc.Provider, provider: oidc.Provider, settings: Any) -> oidc.Provider:
    """A second issuer, believed like the first."""
    second.reset()
    settings.JWT_ISSUERS = [
        *settings.JWT_ISSUERS,
        Issuer(issuer=second.issuer, audience=[AUDIENCE], public_key_url=[f"{second.issuer}/keys"]),
    ]
    return second


def said_by(issuer: oidc.Provider, **claims: Any) -> Principal:
    said = {"iss": issuer.issuer, "aud": AUDIENCE, "sub": "ann", "exp": 4_000_000_000, **claims}
    return principal_of(verified(issuer.signed({name: value for name, value in said.items() if value is not None})))


def refused_of(issuer: oidc.Provider, **claims: Any) -> None:
    with pytest.raises(TokenRefused) as error:
        said_by(issuer, **claims)
    assert error.value.status == 401


def test_an_id_that_an_administrator_set_is_the_first_issuers(
    cast: World, provider: oidc.Provider, other: oidc.Provider
) -> None:
    update_user(cast.actor("proxy_admin"), cast.member, sso_id="ann")
    assert User.objects.get(sso_id="ann").sso_issuer == provider.issuer
    assert said_by(provider).user == cast.member
    refused_of(other)
    User.objects.filter(sso_id="ann").update(sso_issuer="")  # as it was kept before issuers were
    assert said_by(provider).user == cast.member
    refused_of(other)


def test_an_address_does_not_lead_another_issuers_somebody_to_them(
    cast: World, provider: oidc.Provider, other: oidc.Provider, settings: Any
) -> None:
    settings.JWT_AUTH = JwtAuth(user_email_jwt_field="email")
    update_user(cast.actor("proxy_admin"), cast.member, sso_id="ann")
    claims = {"email": cast.member.email, "email_verified": True}
    assert said_by(provider, **claims).user == cast.member
    refused_of(other, **claims)
    refused_of(other, sub="bob", **claims)


def test_a_person_whom_a_token_made_is_its_issuers(
    cast: World, provider: oidc.Provider, other: oidc.Provider, settings: Any
) -> None:
    settings.JWT_AUTH = JwtAuth(user_id_upsert=True)
    made = said_by(other, sub="newcomer").user
    assert made is not None
    assert (made.sso_id, made.sso_issuer) == ("newcomer", other.issuer)
    assert said_by(other, sub="newcomer").user == made
    refused_of(provider, sub="newcomer")
    assert User.objects.filter(sso_id="newcomer").count() == 1


def test_two_issuers_may_give_one_id_and_each_has_its_own_person(
    cast: World, provider: oidc.Provider, other: oidc.Provider
) -> None:
    cast.loner.sso_id, cast.loner.sso_issuer = "ann", other.issuer
    cast.loner.save()
    update_user(cast.actor("proxy_admin"), cast.member, sso_id="ann")
    assert said_by(provider).user == cast.member
    assert said_by(other).user == cast.loner
    with pytest.raises(Duplicate):
        update_user(cast.actor("proxy_admin"), cast.team_admin, sso_id="ann")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=cast.team_admin.pk).update(sso_id="ann", sso_issuer=other.issuer)
    update_user(cast.actor("proxy_admin"), cast.member, sso_id=None)
    assert User.objects.get(pk=cast.member.pk).sso_issuer == ""


def test_signing_on_binds_the_identity_to_its_issuer(
    cast: World, provider: oidc.Provider, other: oidc.Provider, settings: Any
) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = other.apps
    claims = {"sub": "ann", "iss": f"{other.issuer}/"}
    update_user(cast.actor("proxy_admin"), cast.member, sso_id="ann")
    assert person_of(identity_of(claims)) == cast.member, "single sign-on's issuer is the first one"
    assert bind_identity(platform(Origin()), cast.member, identity=identity_of(claims)) == cast.member
    assert said_by(other).user == cast.member
    refused_of(provider)
