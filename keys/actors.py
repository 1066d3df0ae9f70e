"""How a bearer token becomes an Actor."""

import hmac
from collections.abc import Sequence

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from keys import secrets
from keys.models import Key
from keys.refused import AuthenticationFailed, TokenRefused
from keys.services import touch
from keys.tokens import looks_like_token, principal_for
from rbacadmin.policy import Actor, Origin

__all__ = ("AuthenticationFailed", "TokenRefused", "actor_for_bearer", "find_key", "require_live")


def actor_for_bearer(token: str, origin: Origin) -> Actor:
    """The actor behind a bearer token: the master key, a virtual key that lives, or a JWT.

    At most 2 queries for a key, and 3 more for grants. Random junk fails the checksum and costs none,
    unless keys of another gateway are accepted: those have no checksum. Raises
    AuthenticationFailed; the message never repeats the token.
    """
    if is_master(token):
        return Actor.master(origin)
    if settings.JWT_ISSUERS and looks_like_token(token):
        return principal_for(token).actor(origin)
    require_shape(token)
    key = known_key(token)
    require_live(key)
    touch(key, timezone.now())
    return Actor.for_key(key, origin)


def is_master(token: str) -> bool:
    """Whether this is the master key."""
    return bool(settings.MASTER_KEY) and hmac.compare_digest(
        token.encode("utf-8", "surrogatepass"), settings.MASTER_KEY.encode()
    )


def require_shape(token: str) -> None:
    """Raise AuthenticationFailed for what cannot be the secret of a virtual key. Costs no look-up."""
    if (flaw := flaw_of(token)) is not None:
        raise AuthenticationFailed(*flaw)


def flaw_of(token: str) -> tuple[str, str] | None:
    """Why this cannot be the secret of a virtual key, as code and message; None when it can. Costs no look-up."""
    if not token.startswith(secrets.PREFIX):
        return "auth_error", "A virtual key was expected to start with 'sk-'."
    if not secrets.is_well_formed(token) and not secrets.is_foreign(token):
        return "token_not_found_in_db", "Invalid proxy server token passed."
    return None


def known_key(token: str, related: Sequence[str] = ("user",)) -> Key:
    """`find_key`, with what is `related` read along. Raises AuthenticationFailed when there is none."""
    key = find_key(token, related)
    if key is None:
        raise AuthenticationFailed("token_not_found_in_db", "Invalid proxy server token passed.")
    return key


def find_key(token: str, related: Sequence[str] = ("user",)) -> Key | None:
    """The key with this secret, or the one that had it until its grace period ends."""
    digest = secrets.stored(token)
    rotated = Q(previous_token=digest, previous_until__gt=timezone.now())
    return Key.objects.select_related(*related).filter(Q(token=digest) | rotated).first()


def require_live(key: Key) -> None:
    """Raise AuthenticationFailed when the key or its owner is blocked, or the key has expired."""
    if key.blocked_by:
        raise AuthenticationFailed("auth_error", "Key is blocked.")
    if key.user is not None and not key.user.is_active:
        raise AuthenticationFailed("auth_error", "The owner of this key is blocked.")
    if not key.is_live(timezone.now()):
        raise AuthenticationFailed("expired_key", "Authentication Error - Expired Key.")
