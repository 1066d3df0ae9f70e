"""A new secret for an old key."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from keys import secrets
from keys.models import Key
from keys.services import holder, require_changeable, require_end_within, require_routes_within, update_key
from rbacadmin import audit, policy
from rbacadmin.policy import Action, Actor
from rbacadmin.service import service

LONGEST_GRACE = timedelta(days=30)


@service
def regenerate_key(actor: Actor, key: Key, *, grace: timedelta | None = None, **changes: Any) -> tuple[Key, str]:
    """Give the key a new secret, returned once; the old one keeps working for `grace`, at most 30 days.

    Whoever regenerates can act with the key from then on, so nobody does it for an owner who ranks above them, nor
    with a key that is held to less than the other one, nor a key of others that lasts longer than the right to do so
    (rulebook 11). Spend, limits and history stay; `changes` are made as by `update_key`. Raises PermissionDenied,
    Duplicate, Outlives, ValidationError.
    """
    latest = policy.until(actor, lambda asker: require_regenerating(asker, key))
    require_changeable(key)
    if key.pk != actor.key_id:
        require_routes_within(actor, key)
    if grace is not None and grace > LONGEST_GRACE:
        raise ValidationError({"grace_period": "At most 30 days."})
    if changes:
        key = update_key(actor, key, **changes)
    require_end_within(actor, key)
    if key.user_id is None or key.user_id != actor.user_id:  # one's own has been one's own, and goes on as it did
        policy.require_within(latest, key.expires_at, key)
    now, secret = timezone.now(), secrets.make(key.kind)
    key.previous_token = key.token if grace else None
    key.previous_until = now + grace if grace else None
    key.hash_version = secrets.HASH_VERSION
    key.token, key.hint, key.rotated_at, key.updated_by = secrets.digest(secret), secret[-4:], now, actor.label
    key.save()
    audit.record(actor, "key.regenerated", key, grace_seconds=int(grace.total_seconds()) if grace else 0)
    return key, secret


def require_regenerating(actor: Actor, key: Key) -> None:
    """Raise PermissionDenied unless the actor may have a new secret of this key."""
    policy.require(actor, Action.REGENERATE_KEYS, key)
    if key.pk != actor.key_id and key.user_id is not None:
        policy.require_not_above(actor, holder(actor, key))
