"""Something to try a new key with: a model that it may call."""

import re

from gateway import admission
from gateway.models import CatalogModel
from keys.models import Key
from rbacadmin import policy
from rbacadmin.policy import Action, Actor

ROUTE = "/v1/chat/completions"
PLAIN = re.compile(r"[\w.:/@-]{1,100}", re.ASCII)  # what needs no quoting, wherever it is pasted
TRIED = 8
LATER = (422, 429)  # budgets and limits: not now, but these models


def model_to_try(key: Key, secret: str) -> str | None:
    """The name of a chat model that the key may call, or None: admission itself is asked."""
    try:
        caller = admission.authenticate(secret)
    except admission.Refused:
        return None
    served = CatalogModel.objects.filter(blocked=False).order_by("created_at", "pk")
    seen = policy.visible(Actor.for_key(key), Action.VIEW_MODELS, served)[:100]
    names = dict.fromkeys(row.name for row in seen if row.info.get("mode", "chat") == "chat")
    for name in [name for name in names if PLAIN.fullmatch(name)][:TRIED]:
        verdict = admission.question(caller, model=name, route=ROUTE)
        if verdict.allowed or (verdict.refusal and verdict.refusal.status in LATER):
            return name
    return None
