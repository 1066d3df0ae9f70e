"""/key/regenerate: a new secret for an old key, and changes along with it."""

from typing import Any

from django.core.exceptions import ValidationError

from api.litellm import changing, compound, keys
from api.litellm.translate import span
from keys.rotation import regenerate_key
from rbacadmin.policy import Action, Actor


def regenerate(actor: Actor, body: changing.KeyRegenerate | changing.KeyRegenerateInPath) -> dict[str, Any]:
    if body.new_key is not None:
        raise ValidationError({"new_key": "Secrets are made here and cannot be chosen."})
    key = keys.find(actor, Action.REGENERATE_KEYS, body.key)
    keys.require_same_place(actor, key, body)
    grace = span("grace_period", body.grace_period) if body.grace_period else None
    return keys.created(actor, *regenerate_key(actor, key, grace=grace, **compound.key_columns(body)))
