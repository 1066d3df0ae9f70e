"""/key/regenerate: a new secret for an old key, and changes along with it."""

from typing import Any

from django.core.exceptions import ValidationError

from api.litellm.keys import asks, calls, compound
from api.litellm.translate import span
from rbacadmin.policy import Action, Actor


def regenerate(actor: Actor, body: asks.KeyRegenerate | asks.KeyRegenerateInPath) -> dict[str, Any]:
    if body.new_key is not None:
        raise ValidationError({"new_key": "Secrets are made here and cannot be chosen."})
    key = calls.find(actor, Action.REGENERATE_KEYS, body.key)
    grace = span("grace_period", body.grace_period) if body.grace_period else None
    place = compound.new_place(actor, key, body)
    return calls.created(actor, *compound.regenerate_key(actor, key, grace=grace, body=body, **place))
