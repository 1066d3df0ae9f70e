"""/key/*: each function is one request, one call, one answer. The secret stands in the creating answer only."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from api.litellm.keys import asks, compound
from api.litellm.keys.effective import limits_of
from api.litellm.keys.rows import KEYS, key_rows
from keys import secrets, services
from keys.models import Key
from keys.moves import is_handed_on
from rbacadmin import policy
from rbacadmin.errors import NotFound
from rbacadmin.models import fold
from rbacadmin.policy import Action, Actor

KNOWN_TO_FORMER = (
    "Whoever had this key before knows its secret, and acts as its new owner with it. Regenerate it; "
    "/key/regenerate with this user_id moves a key and gives it a new secret in one step."
)


def generate(actor: Actor, body: asks.KeyNew) -> dict[str, Any]:
    return created(actor, *compound.generate_key(actor, body))


def generate_service(actor: Actor, body: asks.KeyNew) -> dict[str, Any]:
    return created(actor, *compound.generate_service_key(actor, body))


def created(actor: Actor, key: Key, secret: str) -> dict[str, Any]:
    """The only answer that holds a secret."""
    return {**one(actor, key), "key": secret}


def one(actor: Actor, key: Key) -> dict[str, Any]:
    return key_rows(actor, [key])[0]


def info(actor: Actor, body: asks.KeyOrOwn) -> dict[str, Any]:
    """One key; without `key`, the one that asks."""
    key = named_or_own(actor, Action.VIEW_KEYS, body)
    return {"key": named_back(body.key, key), "info": {**one(actor, key), "effective_limits": limits_of(actor, key)}}


def limits(actor: Actor, body: asks.KeyOrOwn) -> dict[str, Any]:
    """What binds the calls of a key."""
    key = named_or_own(actor, Action.VIEW_KEYS, body)
    return {"key": named_back(body.key, key), **limits_of(actor, key)}


def health(actor: Actor, body: asks.KeyOrOwn) -> dict[str, Any]:
    """Whether a key opens anything at this moment."""
    key = named_or_own(actor, Action.CHECK_KEYS, body)
    return {"key": "healthy" if key.is_live(timezone.now()) else "unhealthy", "logging_callbacks": None}


def named_or_own(actor: Actor, action: Action, body: asks.KeyOrOwn) -> Key:
    if body.key is None and actor.key is None:
        raise ValidationError({"key": "The caller is no virtual key: name one."})
    return (
        find(actor, action, body.key)
        if body.key
        else policy.find(actor, action, KEYS.all(), actor.key.pk if actor.key else "")
    )


def find(actor: Actor, action: Action, ident: str) -> Key:
    """The key that a secret, a hash or an id names. A secret is hashed at once: no message or record may hold it."""
    hashed = secrets.stored(ident) if ident.startswith(secrets.PREFIX) else ident
    return policy.find(actor, action, KEYS.all(), hashed)


def named_back(given: str | None, key: Key) -> str:
    """The key as the caller named it; a secret comes back as its hash."""
    return key.token if given is None or given.startswith(secrets.PREFIX) else given


def update(actor: Actor, body: asks.KeyUpdate) -> dict[str, Any]:
    """Change a key, named by `key`, or by `key_alias` when that is all that is given."""
    if body.key is None and body.key_alias is None:
        raise ValidationError({"key": "Name a key."})
    if body.key is None:
        key = by_alias(actor, Action.UPDATE_KEYS, body.key_alias or "")
    else:
        key = find(actor, Action.UPDATE_KEYS, body.key)
    changed = compound.update_key(actor, key, body=body, **compound.new_place(actor, key, body))
    warning = {"warning": KNOWN_TO_FORMER} if is_handed_on(key, changed) else {}
    return {**one(actor, changed), "key": named_back(body.key, changed), **warning}


def by_alias(actor: Actor, action: Action, alias: str) -> Key:
    """The one visible key with this alias. Raises NotFound, or ValidationError when several organizations have one."""
    seen = policy.visible(actor, Action.VIEW_KEYS, KEYS.filter(alias_key=fold(alias)).exclude(alias_key=""))[:2]
    if len(seen) > 1:
        raise ValidationError({"key_aliases": f"Several keys have the alias '{alias}': name the key by its id."})
    if not seen:
        raise NotFound("key", alias)
    return policy.find(actor, action, KEYS.all(), seen[0].pk)


def delete(actor: Actor, body: asks.KeysNamed) -> dict[str, Any]:
    """All of them, or none."""
    named = body.keys if body.keys is not None else body.key_aliases
    if not named:
        raise ValidationError({"keys": "Name the keys, or their aliases."})
    if body.keys is not None:
        found = [find(actor, Action.DELETE_KEYS, ident) for ident in body.keys]
    else:
        found = [by_alias(actor, Action.DELETE_KEYS, alias) for alias in named]
    services.delete_keys(actor, *{key.pk: key for key in found}.values())
    return {"deleted_keys": named}


def block(actor: Actor, body: asks.KeyNamed) -> dict[str, Any]:
    return one(actor, services.block_key(actor, find(actor, Action.BLOCK_KEYS, body.key)))


def unblock(actor: Actor, body: asks.KeyNamed) -> dict[str, Any]:
    return one(actor, services.unblock_key(actor, find(actor, Action.UNBLOCK_KEYS, body.key)))
