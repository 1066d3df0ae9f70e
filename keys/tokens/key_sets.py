"""The keys of one issuer: fetched when needed, refreshed in time, used on for a while when the provider is away."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from keys.refused import TokenRefused
from keys.tokens.fetching import Unavailable, fetched

logger = logging.getLogger(__name__)

BACKOFF = 5.0  # seconds between attempts while the provider is away
UNKNOWN_KID = 30.0  # seconds between fetches that only an unknown key id asks for: junk must not become a flood
MOST_KEYS = 100
SMALLEST_RSA = 2048
FAMILY = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}
CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}


class KeySet:
    """The keys at some addresses. Safe for threads: one fetches, the others go on with what is there."""

    def __init__(
        self,
        where: Iterable[str],
        *,
        ttl: float,
        stale_ttl: float,
        private: bool = False,
        on_change: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.where, self.ttl, self.stale_ttl, self.private = tuple(where), ttl, stale_ttl, private
        self.on_change, self.clock = on_change, clock
        self.keys: tuple[PyJWK, ...] = ()
        self.fetched_at: float | None = None
        self.tried_at: float | None = None
        self.lock = threading.Lock()
        self.prints: frozenset[str] = frozenset()

    def candidates(self, algorithm: str, kid: str | None) -> list[PyJWK]:
        """The keys that may have signed so. Raises TokenRefused (503) when there are none to be had at this moment."""
        self.refresh(self.ttl)
        found = self.fitting(algorithm, kid)
        if not found and kid is not None:  # rotated, perhaps
            self.refresh(UNKNOWN_KID)
            found = self.fitting(algorithm, kid)
        return found

    def fitting(self, algorithm: str, kid: str | None) -> list[PyJWK]:
        found = [key for key in self.keys if suits(key, algorithm) and (kid is None or key.key_id == kid)]
        return found if kid is not None or len(found) == 1 else []  # without a name there must be no choice

    def refresh(self, age: float) -> None:
        """Fetch the keys when they are older than `age` seconds. Raises TokenRefused (503) without usable ones."""
        if self.younger_than(age):
            return
        if self.lock.acquire(blocking=not self.usable()):
            try:
                if not self.younger_than(age) and self.may_try():
                    self.fetch()
            finally:
                self.lock.release()
        if not self.usable():
            raise TokenRefused(
                "The keys of the token's issuer cannot be had at this moment.",
                status=503, code="auth_provider_unavailable", retry_after=int(BACKOFF),
            )  # fmt: skip

    def younger_than(self, age: float) -> bool:
        return self.fetched_at is not None and self.clock() - self.fetched_at < age

    def usable(self) -> bool:
        return self.younger_than(self.ttl + self.stale_ttl)

    def may_try(self) -> bool:
        return self.tried_at is None or self.clock() - self.tried_at >= BACKOFF

    def fetch(self) -> None:
        """Replace the keys, or keep those that are there and say so in the log."""
        self.tried_at = self.clock()
        try:
            found = [key for where in self.where for key in parsed(fetched(where, private=self.private))]
        except (Unavailable, ValueError) as error:
            logger.warning("the keys of tokens could not be fetched: %s", error)
            return
        prints = frozenset(json.dumps(key._jwk_data, sort_keys=True) for key in found)
        changed, self.keys, self.prints = prints != self.prints, tuple(found), prints
        self.fetched_at = self.tried_at
        if changed:
            self.on_change()


def parsed(text: bytes) -> list[PyJWK]:
    """The public signing keys of a key set; what cannot be used is passed over. Raises ValueError for no key set."""
    found = json.loads(text)
    entries = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(entries, list) or len(entries) > MOST_KEYS:
        raise ValueError("no set of keys")
    keys = [key for entry in entries if isinstance(entry, dict) and (key := usable_key(entry)) is not None]
    if not keys:
        raise ValueError("no key in the set can be used")
    return keys


def usable_key(entry: dict[str, Any]) -> PyJWK | None:
    """The key, when it is a public one for signatures and strong enough. A shared secret in a public set is none."""
    if entry.get("kty") not in ("RSA", "EC", "OKP") or entry.get("use", "sig") != "sig":
        return None
    if "verify" not in entry.get("key_ops", ["verify"]):
        return None
    public = {name: value for name, value in entry.items() if name not in ("d", "p", "q", "dp", "dq", "qi", "oth")}
    try:
        key = PyJWK(public, algorithm=entry.get("alg"))
    except (PyJWTError, ValueError, TypeError):
        return None
    if isinstance(key.key, RSAPublicKey) and key.key.key_size < SMALLEST_RSA:
        return None
    return key


def suits(key: PyJWK, algorithm: str) -> bool:
    """Whether the key is of the kind, the curve and (where it says so) the algorithm."""
    data: dict[str, Any] = key._jwk_data
    if data.get("kty") != FAMILY.get(algorithm[:2]) or data.get("alg", algorithm) != algorithm:
        return False
    return algorithm not in CURVES or data.get("crv") == CURVES[algorithm]
