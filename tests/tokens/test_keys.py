"""Where the keys of tokens come from: rotation while serving, a provider that is away, addresses that are not asked."""

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from keys.tokens import TokenRefused, verification
from keys.tokens.fetching import LARGEST, Unavailable, fetched
from keys.tokens.key_sets import BACKOFF, UNKNOWN_KID, KeySet
from keys.tokens.verification import verified
from tests.support import oidc
from tests.tokens.conftest import Sign


class Clock:
    """Seconds that pass when a test says so."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(provider: oidc.Provider) -> Clock:
    found = Clock()
    for keys in verification.verifier().key_sets.values():
        keys.clock = found
    return found


def refused(token: str, status: int) -> None:
    with pytest.raises(TokenRefused) as error:
        verified(token)
    assert error.value.status == status
    if status == 503:
        assert error.value.code == "auth_provider_unavailable"
        assert error.value.retry_after > 0


def test_keys_are_fetched_once_and_again_when_they_are_old(provider: oidc.Provider, clock: Clock, sign: Sign) -> None:
    for number in range(3):
        verified(sign(jti=str(number)))
    assert provider.fetches == 1
    clock.now += verification.NOTHING.public_key_ttl
    verified(sign(jti="later"))
    assert provider.fetches == 2


def test_a_new_key_is_believed_at_once_and_the_old_one_no_more(
    provider: oidc.Provider, clock: Clock, sign: Sign
) -> None:
    heard = []
    verification.on_rotation.append(lambda: heard.append(1))
    try:
        old = sign()
        verified(old)
        clock.now += UNKNOWN_KID
        assert provider.rotate() != "first"
        assert verified(sign()).claims
        refused(old, 401)
        assert len(heard) == 2
    finally:
        verification.on_rotation.pop()


def test_the_provider_is_another_process_whose_discovery_leads_to_its_keys(provider: oidc.Provider, sign: Sign) -> None:
    assert provider.pid != os.getpid()
    discovered = json.loads(fetched(f"{provider.issuer}/.well-known/openid-configuration"))
    assert discovered["issuer"] == provider.issuer
    assert json.loads(fetched(discovered["jwks_uri"])) == {"keys": [provider.public]}
    assert provider.public["n"], "and what it publishes has no private part"
    assert not provider.public.keys() & {"d", "p", "q"}
    assert verified(sign()).claims["iss"] == provider.issuer


def test_unknown_key_ids_do_not_become_a_flood(provider: oidc.Provider, clock: Clock, sign: Sign) -> None:
    verified(sign())
    for number in range(20):
        refused(sign(headers={"kid": f"junk-{number}"}), 401)
    assert provider.fetches == 1
    clock.now += UNKNOWN_KID
    for number in range(20):
        refused(sign(headers={"kid": f"junk-{number}"}), 401)
    assert provider.fetches == 2


def test_while_the_provider_is_away_its_keys_serve_on_for_a_time_and_then_tokens_wait(
    provider: oidc.Provider, clock: Clock, sign: Sign
) -> None:
    verified(sign())
    provider.broken = 500
    clock.now += verification.NOTHING.public_key_ttl
    for number in range(5):
        verified(sign(jti=str(number)))
    assert provider.fetches == 2  # one attempt in each stretch of time
    clock.now += BACKOFF
    verified(sign(jti="more"))
    assert provider.fetches == 3
    clock.now += verification.NOTHING.public_key_stale_ttl
    refused(sign(jti="too late"), 503)
    refused(sign(), 503)
    provider.broken = None
    clock.now += BACKOFF
    verified(sign())


@pytest.mark.parametrize("broken", [404, 302, b"", b"{", b"[]", b'{"keys": {}}', b'{"keys": []}', b"x" * (LARGEST + 1)])
def test_what_is_no_set_of_keys_gives_503(provider: oidc.Provider, sign: Sign, broken: Any) -> None:
    provider.broken = broken
    refused(sign(), 503)
    provider.broken = None
    refused(sign(), 503)  # not asked again at once
    assert provider.fetches == 1


def test_many_at_once_fetch_once(provider: oidc.Provider, sign: Sign) -> None:
    tokens, done = [sign(jti=str(number)) for number in range(16)], []
    threads = [threading.Thread(target=lambda token=token: done.append(verified(token))) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 16
    assert provider.fetches == 1


def test_a_token_is_verified_once_in_a_while(
    provider: oidc.Provider, sign: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, verifier = sign(), verification.verifier()
    verifier.verified(sign(jti="first"))  # the one that fetches the keys is not remembered: they are new
    first = verifier.verified(token)
    monkeypatch.setattr(verifier, "checked", lambda *_: pytest.fail("looked again"))
    assert verifier.verified(token) is first
    with pytest.raises(pytest.fail.Exception):
        verifier.verified(token, first.expires_at + 1)
    with pytest.raises(pytest.fail.Exception):
        verifier.verified(token, first.expires_at - 100)  # remembered for five minutes at most


def test_keys_may_stand_in_a_file(provider: oidc.Provider, tmp_path: Path, sign: Sign, settings: Any) -> None:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": [provider.public]}))
    for where in (str(file), f"file://{file}"):
        settings.JWT_ISSUERS = [settings.JWT_ISSUERS[0].model_copy(update={"public_key_url": [where]})]
        assert verified(sign()).claims
    assert provider.fetches == 0


@pytest.mark.parametrize(
    "where",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://169.254.169.254/keys",
        "https://10.0.0.1/keys",
        "https://[::1%25lo]/keys",
        "https://0.0.0.0/keys",
        "http://example.com/keys",
        "https://metadata.invalid/keys",
        "ftp://example.com/keys",
        "/no/such/file",
    ],
)
def test_addresses_inside_the_network_are_not_asked(where: str) -> None:
    with pytest.raises(Unavailable):
        fetched(where)


def test_a_name_that_leads_inside_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = [(2, 1, 6, "", ("192.168.0.7", 443))]
    public = [(2, 1, 6, "", ("93.184.216.34", 443))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: public + inside)
    with pytest.raises(Unavailable, match="no public address"):
        fetched("https://keys.example.com/keys")
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("169.254.169.254", 443))])
    with pytest.raises(Unavailable, match="no public address"):
        fetched("https://keys.example.com/keys", private=True)


def test_a_redirect_is_not_followed(provider: oidc.Provider) -> None:
    provider.broken = 302
    with pytest.raises(Unavailable, match="status 302"):
        fetched(f"{provider.issuer}/keys")
    assert provider.fetches == 1


def test_a_set_without_names_is_used_when_there_is_no_choice(provider: oidc.Provider, sign: Sign) -> None:
    nameless = provider.public
    del nameless["kid"]
    keys = KeySet([f"{provider.issuer}/keys"], ttl=60, stale_ttl=0)
    provider.published = [nameless]
    assert len(keys.candidates("RS256", None)) == 1
    provider.published = [nameless, {**oidc.published(oidc.new_key().public_key(), "y", "RS256")}]
    keys = KeySet([f"{provider.issuer}/keys"], ttl=60, stale_ttl=0)
    assert keys.candidates("RS256", None) == []
