"""An OpenID Connect provider in a thread: discovery, authorization code with PKCE, keys, userinfo. For tests only."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "rbacadmin", "the secret of the client, which is long enough to sign"


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def published(key: Any, kid: str, algorithm: str) -> dict[str, Any]:
    """A public key as a provider publishes it."""
    kind = jwt.get_algorithm_by_name(algorithm)
    return {**kind.to_jwk(key, as_dict=True), "kid": kid, "use": "sig", "alg": algorithm}


class Provider(ThreadingHTTPServer):
    """`person` are the claims of whoever signs in next; `twisted`, `header`, `algorithm` and keys spoil their token."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.named_issuer = self.issuer
        self.key = self.signing_key = new_key()
        self.person: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.twisted: dict[str, Any] = {}
        self.header: dict[str, Any] = {"kid": "first"}
        self.algorithm = "RS256"
        self.codes: dict[str, dict[str, str]] = {}
        self.published: list[dict[str, Any]] | None = None  # instead of the one key
        self.broken: bytes | int | None = None  # instead of the keys: other text, or a status
        self.fetches = 0

    @property
    def apps(self) -> dict[str, Any]:
        """The value of SOCIALACCOUNT_PROVIDERS that leads here."""
        app = {"provider_id": "sso", "name": "Acme ID", "client_id": CLIENT, "secret": SECRET,
               "settings": {"server_url": self.issuer, "oauth_pkce_enabled": True}}  # fmt: skip
        return {"openid_connect": {"APPS": [app]}}

    def token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, **self.person}
        claims = {**claims, "nonce": asked.get("nonce", ""), **self.twisted}
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(kept, self.signing_key, algorithm=self.algorithm, headers=self.header)


class Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        split = urlsplit(self.path)
        asked = {name: found[0] for name, found in parse_qs(split.query).items()}
        if split.path == "/.well-known/openid-configuration":
            base = self.server.issuer
            self.answer({
                "issuer": self.server.named_issuer, "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token", "jwks_uri": f"{base}/keys", "userinfo_endpoint": f"{base}/userinfo",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            })  # fmt: skip
        elif split.path == "/authorize":
            code = secrets.token_urlsafe(16)
            self.server.codes[code] = asked
            back = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
            self.send_response(302)
            self.send_header("Location", back)
            self.end_headers()
        elif split.path == "/keys":
            self.keys()
        elif split.path == "/userinfo":
            self.answer({"sub": self.server.person.get("sub"), **self.server.userinfo})
        else:
            self.answer({"error": "not_found"}, 404)

    def keys(self) -> None:
        """What the provider publishes, or what the test has it say instead."""
        self.server.fetches += 1
        if isinstance(self.server.broken, int):
            self.send_response(self.server.broken)
            self.send_header("Location", f"{self.server.issuer}/keys")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        if self.server.broken is not None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(self.server.broken)))
            self.end_headers()
            self.wfile.write(self.server.broken)
            return None
        own = [published(self.server.key.public_key(), "first", "RS256")]
        return self.answer({"keys": own if self.server.published is None else self.server.published})

    def do_POST(self) -> None:
        """Each code once, to this client, with the verifier of the challenge."""
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = {name: found[0] for name, found in parse_qs(text).items()}
        asked = self.server.codes.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            asked is None
            or asked.get("code_challenge") != challenge
            or asked["redirect_uri"] != sent.get("redirect_uri")
            or (sent.get("client_id"), sent.get("client_secret")) != (CLIENT, SECRET)
        ):
            return self.answer({"error": "invalid_grant"}, 400)
        token = self.server.token(asked)
        return self.answer({"access_token": secrets.token_urlsafe(8), "token_type": "Bearer", "id_token": token})

    def answer(self, found: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@contextmanager
def running() -> Iterator[Provider]:
    provider = Provider()
    thread = threading.Thread(target=provider.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.shutdown()
        provider.server_close()
        thread.join(5)
