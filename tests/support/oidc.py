"""The OpenID Connect provider of the tests, which is a process of its own (`oidc_server.py`), and how to command it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

CLIENT, SECRET = "rbacadmin", "the secret of the client, which is long enough to sign"
ROOT = Path(__file__).resolve().parent.parent.parent


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def published(key: Any, kid: str, algorithm: str) -> dict[str, Any]:
    """A public key as a provider publishes it."""
    kind = jwt.get_algorithm_by_name(algorithm)
    return {**kind.to_jwk(key, as_dict=True), "kid": kid, "use": "sig", "alg": algorithm}


class Provider:
    """A provider that runs. Its fields are those of `oidc_server.State`: read there, and set there as a whole."""

    person: dict[str, Any]
    userinfo: dict[str, Any]
    twisted: dict[str, Any]
    header: dict[str, Any]
    algorithm: str
    published: list[Any] | None
    named_issuer: str
    fetches: int
    pid: int

    def __init__(self, issuer: str) -> None:
        self.__dict__["issuer"] = issuer
        self.issuer: str

    def __getattr__(self, name: str) -> Any:
        return self.state()[name]

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "broken" and isinstance(value, bytes):
            value = value.decode("latin-1")
        if name == "signing_key":
            value = key_as_sent(value)
        self.ask("state", {name: value})

    def state(self) -> dict[str, Any]:
        return self.ask("state")

    def reset(self) -> None:
        """Forget everything that a test had it do, and its rotations."""
        self.ask("reset", {})

    def rotate(self) -> str:
        """Have it sign with a new key, and publish only that. Gives the key's id."""
        return str(self.ask("rotate", {})["kid"])

    def signed(self, claims: dict[str, Any], header: dict[str, Any] | None = None, algorithm: str = "RS256") -> str:
        """A token of these claims, signed by the provider."""
        return str(self.ask("sign", {"claims": claims, "header": header or {}, "algorithm": algorithm})["token"])

    @property
    def public(self) -> dict[str, Any]:
        """The key that it publishes when nothing else was said, without a fetch that counts."""
        return dict(self.ask("public"))

    @property
    def public_key(self) -> rsa.RSAPublicKey:
        found = jwt.PyJWK(self.public).key
        assert isinstance(found, rsa.RSAPublicKey)
        return found

    @property
    def apps(self) -> dict[str, Any]:
        """The value of SOCIALACCOUNT_PROVIDERS that leads here."""
        app = {"provider_id": "sso", "name": "Acme ID", "client_id": CLIENT, "secret": SECRET,
               "settings": {"server_url": self.issuer, "oauth_pkce_enabled": True}}  # fmt: skip
        return {"openid_connect": {"APPS": [app]}}

    def ask(self, what: str, sent: Any = None) -> dict[str, Any]:
        content = None if sent is None else json.dumps(sent).encode()
        with urlopen(Request(f"{self.issuer}/control/{what}", content), timeout=10) as answer:
            return dict(json.load(answer))


def key_as_sent(key: Any) -> dict[str, str]:
    """A private key, a shared secret or nothing, as JSON can carry it."""
    if isinstance(key, str):
        return {"text": key}
    if key is None:
        return {}
    return {"pem": key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()}


@contextmanager
def running() -> Iterator[Provider]:
    """A provider in a process of its own, on a port of its own; it ends with the block, or with this process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.oidc_server"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        if not (issuer := process.stdout.readline().strip()):
            raise RuntimeError("the provider did not start")
        yield Provider(issuer)
    finally:
        process.stdin.close()
        process.kill()
        process.wait()
        process.stdout.close()
