"""A provider that runs, the configuration that believes it, and tokens that it signs."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import jwt
import pytest

from keys.tokens import verification
from rbacadmin import role_permissions
from rbacadmin.config_file.tokens import Issuer, JwtAuth
from tests.support import oidc

AUDIENCE = "rbacadmin-api"
Sign = Callable[..., str]


@pytest.fixture(autouse=True)
def _fresh_keys() -> Iterator[None]:
    verification._current = None
    role_permissions.stored.forget()
    yield
    verification._current = None
    role_permissions.stored.forget()


@pytest.fixture
def provider(identity_provider: oidc.Provider, settings: Any) -> oidc.Provider:
    """The provider, believed, with nothing else configured."""
    server = identity_provider
    server.reset()
    settings.JWT_ISSUERS = [
        Issuer(
            issuer=server.issuer,
            audience=[AUDIENCE, "another"],
            public_key_url=[f"{server.issuer}/keys"],
            algorithms=["RS256", "ES256", "EdDSA"],
        )
    ]
    settings.JWT_AUTH = JwtAuth()
    return server


@pytest.fixture
def sign(provider: oidc.Provider) -> Sign:
    """`sign(sub="ann", team="t")`: a token that the provider signs, or a key that is given. None leaves a claim out."""

    def token(key: Any = None, algorithm: str = "RS256", headers: dict[str, Any] | None = None, **claims: Any) -> str:
        now = int(time.time())
        said = {"iss": provider.issuer, "aud": AUDIENCE, "sub": "ann", "iat": now, "exp": now + 600, **claims}
        kept = {name: value for name, value in said.items() if value is not None}
        if key is None:
            return provider.signed(kept, headers, algorithm)
        return jwt.encode(kept, key, algorithm=algorithm, headers={"kid": "first", **(headers or {})})

    return token
