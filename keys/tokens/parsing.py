"""The outside of a token, read strictly and believed in nothing: which issuer it names, which key, how it is signed."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from keys.refused import TokenRefused

LONGEST = 8192  # characters; servers cut headers at this length
LONGEST_NAME = 255
TYPES = {"jwt", "at+jwt", "application/jwt", "application/at+jwt"}  # not what is made for another purpose (RFC 8725)
DEEPEST = 16


@dataclass(frozen=True)
class Envelope:
    """What a token says of itself before its signature is checked. Only ever used to choose what to check it with."""

    algorithm: str
    kid: str | None
    issuer: str


def opened(token: str) -> Envelope:
    """The envelope of a token. Raises TokenRefused for anything that could be read in two ways."""
    if len(token) > LONGEST or not token.isascii():
        raise TokenRefused("The token is longer than any token can be.")
    parts = token.split(".")
    if len(parts) != 3 or not all(parts):
        raise TokenRefused("The token is not a signed JWT.")
    header, claims = decoded(parts[0]), decoded(parts[1])
    if "crit" in header or "b64" in header or "zip" in header:
        raise TokenRefused("The token asks for an extension that is not understood here.")
    kind = header.get("typ", "JWT")
    if not isinstance(kind, str) or kind.lower() not in TYPES:
        raise TokenRefused("The token was made for another purpose.")
    algorithm, kid, issuer = header.get("alg"), header.get("kid"), claims.get("iss")
    if not isinstance(algorithm, str) or not isinstance(issuer, str):
        raise TokenRefused("The token names no algorithm or no issuer.")
    if kid is not None and not (isinstance(kid, str) and 0 < len(kid) <= LONGEST_NAME):
        raise TokenRefused("The token names its key in a way that no key is named.")
    return Envelope(algorithm, kid, issuer)


def decoded(part: str) -> dict[str, Any]:
    """One part as an object in which every name stands once."""
    try:
        raw = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
        found = json.loads(raw.decode("utf-8"), object_pairs_hook=each_once, parse_constant=no_constant)
        require_flat(found)
    except (ValueError, binascii.Error, RecursionError):
        raise TokenRefused("The token cannot be read.") from None
    if not isinstance(found, dict):
        raise TokenRefused("The token cannot be read.")
    return found


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def require_flat(value: Any, depth: int = 0) -> None:
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            require_flat(item, depth + 1)
