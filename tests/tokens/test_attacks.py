"""Every classic attack on tokens is a plain 401, the same over the API, and leaves nothing in log and audit."""

import base64
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from keys.tokens import TokenRefused, principal_for
from keys.tokens.verification import verified
from rbacadmin.config_file.tokens import Issuer
from rbacadmin.models import AuditEvent
from teams.models import User
from tests.support import oidc
from tests.tokens.conftest import AUDIENCE, Sign
from tests.world import World

pytestmark = pytest.mark.sqlite  # of rows only test_principals asks, on both


def part(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def forged(header: Any, claims: Any, signature: bytes = b"none") -> str:
    return f"{part(header)}.{part(claims)}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def good(provider: oidc.Provider, **more: Any) -> dict[str, Any]:
    now = int(time.time())
    return {"iss": provider.issuer, "aud": AUDIENCE, "sub": "ann", "exp": now + 600, **more}


def refused(token: str, status: int = 401) -> str:
    with pytest.raises(TokenRefused) as error:
        verified(token)
    assert error.value.status == status
    assert token not in error.value.message
    return error.value.message


def test_a_good_token_is_believed(sign: Sign) -> None:
    found = verified(sign(team="a"))
    assert found.claims["team"] == "a"
    assert found.claims["exp"] == found.expires_at


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", ""])
def test_an_unsigned_token_is_none(provider: oidc.Provider, algorithm: str) -> None:
    header = {"alg": algorithm, "kid": "first"}
    refused(forged(header, good(provider)))
    refused(f"{part(header)}.{part(good(provider))}.")


def test_a_public_key_is_no_shared_secret(provider: oidc.Provider) -> None:
    """Key confusion: HS256 with what everybody can fetch, in each form in which a library may read it."""
    public = provider.public_key
    forms = [
        public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
        public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.PKCS1),
        public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo),
        json.dumps(oidc.published(public, "first", "RS256")).encode(),
        b"",
    ]
    for secret in forms:
        body = f"{part({'alg': 'HS256', 'kid': 'first'})}.{part(good(provider))}"
        signature = hmac.new(secret, body.encode(), hashlib.sha256).digest()
        refused(f"{body}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}")


def test_with_a_secret_configured_the_public_key_is_still_none(provider: oidc.Provider, settings: Any) -> None:
    secret = "a secret of thirty-two characters"
    settings.JWT_ISSUERS = [
        Issuer(
            issuer=provider.issuer, audience=[AUDIENCE], public_key_url=[f"{provider.issuer}/keys"],
            algorithms=["RS256", "HS256"], secret=secret,
        )
    ]  # fmt: skip
    assert verified(jwt.encode(good(provider), secret, algorithm="HS256")).claims["sub"] == "ann"
    body = f"{part({'alg': 'HS256', 'kid': 'first'})}.{part(good(provider))}"
    public = json.dumps(provider.public).encode()
    signature = hmac.new(public, body.encode(), hashlib.sha256).digest()
    refused(f"{body}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}")
    refused(jwt.encode(good(provider), "another secret of thirty-two chars", algorithm="HS256"))


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "somebody-else"},
        {"aud": None},
        {"aud": []},
        {"aud": {"rbacadmin-api": True}},
        {"aud": f"{AUDIENCE} "},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"iss": ["x"]},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"exp": 0},
        {"exp": 10**30},
        {"exp": "9999999999"},
        {"exp": True},
        {"nbf": int(time.time()) + 3600},
        {"iat": int(time.time()) + 3600},
    ],
    ids=str,
)
def test_a_token_for_somebody_else_or_another_time_is_none(sign: Sign, claims: dict[str, Any]) -> None:
    refused(sign(**claims))


def test_an_issuer_with_a_slash_more_is_another_one(sign: Sign, provider: oidc.Provider) -> None:
    refused(sign(iss=f"{provider.issuer}/"))
    refused(sign(iss=provider.issuer.upper()))


@pytest.mark.parametrize(
    "kid",
    [
        *("../../../../dev/null", "' OR '1'='1", "http://127.0.0.1:1/keys", "first\0", "FIRST", "", "x" * 5000),
        *(7, None, ["first"]),
    ],
    ids=lambda kid: str(kid)[:20],
)  # fmt: skip
def test_a_key_id_is_compared_and_nothing_else(provider: oidc.Provider, kid: Any) -> None:
    secret = b"" if kid != "first" else b"x"
    body = f"{part({'alg': 'RS256', 'kid': kid})}.{part(good(provider))}"
    signature = hmac.new(secret, body.encode(), hashlib.sha256).digest()
    refused(f"{body}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}")


@pytest.mark.parametrize("name", ["jku", "x5u", "jwk", "x5c", "x5t"])
def test_a_token_brings_no_keys_along(sign: Sign, provider: oidc.Provider, name: str) -> None:
    own = oidc.new_key()
    brought = {
        "jku": f"{provider.issuer}/keys", "x5u": f"{provider.issuer}/keys", "x5c": ["MIIB"], "x5t": "abc",
        "jwk": oidc.published(own.public_key(), "first", "RS256"),
    }  # fmt: skip
    refused(sign(key=own, headers={name: brought[name]}))
    assert verified(sign(headers={name: brought[name]})).claims["sub"] == "ann"
    assert provider.fetches == 1


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ('{"alg":"RS256","alg":"none","kid":"first"}', None),
        (None, '{"iss":"a","iss":"b"}'),
        ({"alg": "RS256", "crit": ["exp"]}, None),
        ({"alg": "RS256", "crit": []}, None),
        ({"alg": "RS256", "b64": False}, None),
        ({"alg": "RS256", "typ": "logout+jwt"}, None),
        ({"alg": ["RS256"]}, None),
        ("[]", None),
        ("null", None),
        ("{", None),
        (None, "NaN"),
        (None, "[" * 5000),
        (None, '{"exp": NaN}'),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_can_be_read_in_two_ways_is_not_read(provider: oidc.Provider, header: Any, claims: Any) -> None:
    refused(forged(header or {"alg": "RS256", "kid": "first"}, claims or good(provider)))
    assert provider.fetches == 0


def test_a_signed_token_with_a_name_twice_is_refused(provider: oidc.Provider) -> None:
    own = oidc.new_key()
    provider.published = [oidc.published(own.public_key(), "first", "RS256")]
    said = json.dumps(good(provider))
    twice = said[:-1] + ', "sub": "root"}'
    body = f"{part({'alg': 'RS256', 'kid': 'first'})}.{part(twice)}"
    signature = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256).sign(body.encode(), own)
    refused(f"{body}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}")


@pytest.mark.parametrize("token", ["", "a", "a.b", "a.b.c.d.e", "..", "eyJ..", "é.é.é", "eyJ" + "A" * 9000 + ".e.e"])
def test_what_is_no_token_is_refused(provider: oidc.Provider, token: str) -> None:
    with pytest.raises(TokenRefused) as error:
        verified(token)
    assert error.value.status == 401


def test_other_algorithms_and_curves_of_the_same_key_are_refused(provider: oidc.Provider, sign: Sign) -> None:
    refused(sign(algorithm="RS512"))
    refused(sign(algorithm="PS256"))
    elliptic, edwards = ec.generate_private_key(ec.SECP256R1()), ed25519.Ed25519PrivateKey.generate()
    provider.published = [
        oidc.published(elliptic.public_key(), "e", "ES256"),
        oidc.published(edwards.public_key(), "ed", "EdDSA"),
    ]
    assert verified(sign(key=elliptic, algorithm="ES256", headers={"kid": "e"})).claims
    assert verified(sign(key=edwards, algorithm="EdDSA", headers={"kid": "ed"})).claims
    refused(sign(key=edwards, algorithm="EdDSA", headers={"kid": "e"}))
    refused(sign())


def test_secrets_weak_keys_and_keys_to_encrypt_in_a_published_set_count_for_nothing(
    provider: oidc.Provider, sign: Sign
) -> None:
    public = provider.public
    shared = {"kty": "oct", "kid": "o", "k": part("x" * 40), "alg": "HS256"}
    provider.published = [{**public, "kid": "enc", "use": "enc"}, shared, {**public, "kid": "ops", "key_ops": ["sign"]}]
    provider.published += [{**public, "kid": "odd", "alg": "RSA-OAEP"}, {"kty": "RSA", "kid": "bad"}, "text", public]
    for kid in ("enc", "o", "ops", "odd", "bad"):
        refused(sign(headers={"kid": kid}))
    assert verified(sign()).claims


def test_one_issuers_keys_vouch_for_its_own_tokens_only(provider: oidc.Provider, sign: Sign, settings: Any) -> None:
    with oidc.running() as other:
        settings.JWT_ISSUERS = [
            *settings.JWT_ISSUERS,
            Issuer(issuer=other.issuer, audience=["elsewhere"], public_key_url=[f"{other.issuer}/keys"]),
        ]
        assert verified(other.signed({**good(other), "aud": "elsewhere"})).claims
        refused(other.signed(good(provider)))
        refused(sign(iss=other.issuer, aud="elsewhere"))
        refused(other.signed(good(other)))


def test_over_the_api_it_is_the_dialects_401_and_leaves_no_trace(
    cast: World, provider: oidc.Provider, sign: Sign, api: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    before = AuditEvent.objects.count()
    User.objects.filter(pk=cast.proxy_admin.pk).update(sso_id="ann")
    for token in (sign(aud="else"), sign(key=oidc.new_key()), sign(exp=int(time.time()) - 999), sign(sub="nobody")):
        answer = api("GET", "/team/list", token=token)
        assert answer.status_code == 401, answer.content
        assert answer.json()["error"]["code"] == "401"
        assert answer.json()["error"]["type"] in ("auth_error", "expired_key")
        assert answer["WWW-Authenticate"] == "Bearer"
        assert token not in answer.text
        assert token not in caplog.text
    assert AuditEvent.objects.count() == before
    assert api("GET", "/team/list", token=sign()).status_code == 200


def test_where_tokens_are_off_they_are_no_keys(cast: World, sign: Sign, settings: Any, api: Callable[..., Any]) -> None:
    token = sign()
    settings.JWT_ISSUERS = []
    answer = api("GET", "/team/list", token=token)
    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "auth_error")
    with pytest.raises(TokenRefused, match="enable_jwt_auth"):
        principal_for(token)
