"""Whether a token is what it says: its issuer known, its signature good, made for us, and of this moment."""

import hashlib
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt
from django.conf import settings

from keys.refused import TokenRefused
from keys.tokens.key_sets import KeySet
from keys.tokens.parsing import decoded, opened
from rbacadmin.config_file.tokens import SYMMETRIC, Issuer, JwtAuth

REMEMBERED_FOR = 300.0  # seconds at most
MOST_REMEMBERED = 10_000
LONGEST_LIFE = 10**11  # seconds since the epoch that are still a date

# What upper apps forget when a provider's keys change: called without arguments, from any thread.
on_rotation: list[Callable[[], None]] = []


@dataclass(frozen=True)
class Verified:
    """Claims that may be believed. `digest` names the token without telling it; `expires_at` counts from the epoch."""

    claims: dict[str, Any]
    digest: str
    expires_at: float


def looks_like_token(text: str) -> bool:
    """Whether a bearer is meant as a JWT: virtual keys have no dots."""
    return text.count(".") == 2 and text.startswith("eyJ")


class Verifier:
    """The issuers of one configuration, their keys, and what was verified with them a moment ago."""

    def __init__(self, issuers: list[Issuer], auth: JwtAuth, private: bool) -> None:
        self.issuers = {one.issuer: one for one in issuers}
        self.auth = auth
        self.key_sets = {
            one.issuer: KeySet(
                one.public_key_url, ttl=auth.public_key_ttl, stale_ttl=auth.public_key_stale_ttl, private=private,
                on_change=self.forget,
            )
            for one in issuers
        }  # fmt: skip
        self.remembered: OrderedDict[str, tuple[Verified, float]] = OrderedDict()
        self.generation = 0
        self.lock = threading.Lock()

    def verified(self, token: str, now: float | None = None) -> Verified:
        """Raises TokenRefused."""
        now = time.time() if now is None else now
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
        known = self.remembered.get(digest)
        if known is not None and now < known[1] and self.fresh(known[0].claims["iss"]):
            return known[0]
        generation = self.generation
        found = self.checked(token, digest, now)
        with self.lock:
            if generation == self.generation:
                self.remembered[digest] = (found, min(found.expires_at, now + REMEMBERED_FOR))
                while len(self.remembered) > MOST_REMEMBERED:
                    self.remembered.popitem(last=False)
        return found

    def fresh(self, issuer: str) -> bool:
        """Whether the keys that verified it need no look: then what is remembered still holds."""
        keys = self.key_sets[issuer]
        return not keys.where or keys.younger_than(keys.ttl)

    def forget(self) -> None:
        """The keys changed: nothing that the old ones verified counts any more."""
        with self.lock:
            self.generation += 1
            self.remembered.clear()
        for listener in on_rotation:
            listener()

    def checked(self, token: str, digest: str, now: float) -> Verified:
        envelope = opened(token)
        issuer = self.issuers.get(envelope.issuer)
        if issuer is None:
            raise TokenRefused("The token is of an issuer that is not known here.")
        if envelope.algorithm not in issuer.algorithms:
            raise TokenRefused("The token is signed in a way that is not allowed here.")
        if envelope.algorithm in SYMMETRIC:  # only ever with the secret that was configured, never with a published key
            claims = self.decoded(token, issuer, envelope.algorithm, issuer.secret)
        else:
            claims = self.with_keys(token, issuer, envelope.algorithm, envelope.kid)
        expires_at = claims["exp"]
        if isinstance(expires_at, bool | str) or not math.isfinite(expires_at) or not 0 < expires_at < LONGEST_LIFE:
            raise TokenRefused("The token has no end.")
        return Verified(claims, digest, float(expires_at))

    def with_keys(self, token: str, issuer: Issuer, algorithm: str, kid: str | None) -> dict[str, Any]:
        """The claims, by the first of the keys of that name that has signed them."""
        refused: TokenRefused | None = None
        for key in self.key_sets[issuer.issuer].candidates(algorithm, kid)[:3]:
            try:
                return self.decoded(token, issuer, algorithm, key.key)
            except BadSignature as error:
                refused = error
        raise refused or TokenRefused("The token is signed with a key that its issuer does not have.")

    def decoded(self, token: str, issuer: Issuer, algorithm: str, key: Any) -> dict[str, Any]:
        try:
            jwt.decode(
                token, key, algorithms=[algorithm], audience=issuer.audience, issuer=issuer.issuer,
                leeway=self.auth.leeway, options={"require": ["iss", "aud", "exp"], "verify_sub": False},
            )  # fmt: skip
        except jwt.InvalidSignatureError as error:
            raise BadSignature("The token's signature is not its issuer's.") from error
        except jwt.ExpiredSignatureError as error:
            raise TokenRefused("The token has expired.", code="expired_key") from error
        except jwt.ImmatureSignatureError as error:
            raise TokenRefused("The token is not valid yet.") from error
        except jwt.InvalidAudienceError as error:
            raise TokenRefused("The token was made for somebody else: its audience is not this server.") from error
        except jwt.MissingRequiredClaimError as error:
            raise TokenRefused(f"The token lacks the claim '{error.claim}'.") from error
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError) as error:
            raise TokenRefused("The token was refused.") from error
        return decoded(token.split(".")[1])  # in which every name stands once


class BadSignature(TokenRefused):
    """The signature is of another key."""


NOTHING = JwtAuth()
_current: tuple[Any, Verifier] | None = None
_lock = threading.Lock()


def verifier() -> Verifier:
    """The verifier of the configuration in force."""
    global _current
    wanted = (settings.JWT_ISSUERS, settings.JWT_AUTH, settings.JWT_PRIVATE_HOSTS)
    found = _current
    if found is None or found[0] != wanted:
        with _lock:
            if _current is None or _current[0] != wanted:
                _current = (wanted, Verifier(settings.JWT_ISSUERS, settings.JWT_AUTH or NOTHING, wanted[2]))
            found = _current
    return found[1]


def verified(token: str) -> Verified:
    """The claims of a token that may be believed. Raises TokenRefused."""
    if not settings.JWT_ISSUERS:
        raise TokenRefused("JSON web tokens are not accepted here: enable_jwt_auth is off.")
    return verifier().verified(token)
