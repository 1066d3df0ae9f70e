"""An OpenID Connect provider, as a program: discovery, authorization code with PKCE, keys, userinfo. For tests only.

It prints its issuer when it listens, and ends when its standard input does. `/control/...` is where a test says what it
does next (`oidc.Provider` speaks it): the private key never leaves this process.
"""

import base64
import hashlib
import json
import os
import secrets
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.support.oidc import CLIENT, SECRET, new_key, published


@dataclass
class State:
    """What a test may change. `person` are the claims of whoever signs in; the next four spoil their token."""

    named_issuer: str
    person: dict[str, Any] = field(default_factory=dict)
    twisted: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    signing_key: dict[str, str] | None = None  # instead of the own one: {"pem": ...}, {"text": ...} or {} for none
    userinfo: dict[str, Any] = field(default_factory=dict)
    published: list[Any] | None = None  # instead of the one key
    broken: str | int | None = None  # instead of the keys: other text (Latin-1), or a status
    fetches: int = 0


class Provider(ThreadingHTTPServer):
    """The provider with its key, which a rotation replaces."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.first = new_key()
        self.codes: dict[str, dict[str, str]] = {}
        self.reset()

    def reset(self) -> None:
        """As it was when it started."""
        self.key, self.kid, self.rotations = self.first, "first", 0
        self.state = State(self.issuer)

    def rotate(self) -> str:
        """Sign with a new key from now on, and publish the old one no more. Gives the new key's id."""
        self.rotations += 1
        self.key, self.kid = new_key(), f"rotated-{self.rotations}"
        return self.kid

    def signed(self, claims: dict[str, Any], header: dict[str, Any], algorithm: str = "RS256") -> str:
        """Any claims, also those that a library for tokens would not sign."""
        content, headers = json.dumps(claims).encode(), {"kid": self.kid, **header}
        return jwt.PyJWS().encode(content, self.key, algorithm=algorithm, headers=headers)

    def token(self, asked: dict[str, str]) -> str:
        """The ID token of whoever signs in now."""
        now, state = int(time.time()), self.state
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, **state.person}
        claims = {**claims, "nonce": asked.get("nonce", ""), **state.twisted}
        kept = {name: value for name, value in claims.items() if value is not None}
        key: Any = self.key
        if state.signing_key is not None:
            pem = state.signing_key.get("pem")
            key = load_pem_private_key(pem.encode(), None) if pem else state.signing_key.get("text")
        return jwt.encode(kept, key, algorithm=state.algorithm, headers={"kid": self.kid, **state.header})


class Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        split = urlsplit(self.path)
        asked = {name: found[0] for name, found in parse_qs(split.query).items()}
        if split.path == "/.well-known/openid-configuration":
            base = self.server.issuer
            self.answer({
                "issuer": self.server.state.named_issuer, "authorization_endpoint": f"{base}/authorize",
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
            state = self.server.state
            self.answer({"sub": state.person.get("sub"), **state.userinfo})
        elif split.path == "/control/public":
            self.answer(self.own())
        elif split.path == "/control/state":
            self.answer({**vars(self.server.state), "pid": os.getpid()})
        else:
            self.answer({"error": "not_found"}, 404)

    def keys(self) -> None:
        """What the provider publishes, or what the test has it say instead."""
        state = self.server.state
        state.fetches += 1
        if isinstance(state.broken, int):
            self.send_response(state.broken)
            self.send_header("Location", f"{self.server.issuer}/keys")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        if state.broken is not None:
            return self.send(state.broken.encode("latin-1"))
        return self.answer({"keys": [self.own()] if state.published is None else state.published})

    def own(self) -> dict[str, Any]:
        return published(self.server.key.public_key(), self.server.kid, "RS256")

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/token":
            return self.exchange(content.decode())
        asked = json.loads(content)
        if self.path == "/control/state":
            for name, value in asked.items():
                setattr(self.server.state, name, value)
            return self.answer({})
        if self.path == "/control/reset":
            self.server.reset()
            return self.answer({})
        if self.path == "/control/rotate":
            return self.answer({"kid": self.server.rotate()})
        if self.path == "/control/sign":
            return self.answer({"token": self.server.signed(**asked)})
        return self.answer({"error": "not_found"}, 404)

    def exchange(self, text: str) -> None:
        """Each code once, to this client, with the verifier of the challenge."""
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
        self.send(json.dumps(found).encode(), status)

    def send(self, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


def main() -> None:
    """Serve until standard input ends: with whoever started this, however they end."""
    provider = Provider()
    threading.Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    print(provider.issuer, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
