"""JSON web tokens as callers present them: verified against the provider's keys, then turned into a Principal.

`principal_for(token)` is the whole of it. Nothing here is believed before its signature is.
"""

from typing import Any

from keys.refused import TokenRefused
from keys.tokens.people import principal_of
from keys.tokens.principal import Principal
from keys.tokens.verification import Verified, looks_like_token, verified

__all__ = ("Principal", "TokenRefused", "looks_like_token", "principal_for", "told")


def principal_for(token: str) -> Principal:
    """Whom the token stands for at this moment.

    No query for a token that is bad; at most 6 for one that is good, and those of the services with an upsert.
    Raises TokenRefused (401, 403, 503).
    """
    return principal_of(verified(token))


def told(claims: dict[str, Any]) -> Principal:
    """Whom a token with these claims would stand for, were it verified. Changes nothing. Raises TokenRefused."""
    return principal_of(Verified(claims, "", 0.0), dry=True)
