"""What a key may call, of what it may see; and something to try a new one with."""

import re
from collections.abc import Iterable

from gateway import admission
from gateway.effective import callable_of
from gateway.levels import places
from gateway.models import CatalogModel
from gateway.ownerships import groups_for, is_shared
from keys.models import Key
from rbacadmin import policy
from rbacadmin.policy import Action, Actor

ROUTE = "/v1/chat/completions"
PLAIN = re.compile(r"[\w.:/@-]{1,100}", re.ASCII)  # what needs no quoting, wherever it is pasted
TRIED = 8
LATER = (422, 429)  # budgets and limits: not now, but these models


def open_to_key(actor: Actor, models: Iterable[CatalogModel]) -> list[CatalogModel]:
    """Those of these visible models that the key may call; all of them for a caller without a key that lives somewhere.

    What a team or project brought is seen by its people, whatever the list of one of their keys says.
    """
    found = list(models)
    if actor.key is None or not actor.key.reach():
        return found
    brought = [row for row in found if not is_shared(row)]
    groups = groups_for(actor)
    called = {row.pk for place in places(actor) for row, _names in callable_of(brought, place.levels, groups)}
    return [row for row in found if is_shared(row) or row.pk in called]


def model_to_try(key: Key, secret: str) -> str | None:
    """The name of a chat model that the key may call, or None: admission itself is asked."""
    try:
        caller = admission.authenticate(secret)
    except admission.Refused:
        return None
    served = CatalogModel.objects.filter(blocked=False).order_by("created_at", "pk")
    actor = Actor.for_key(key)
    seen = policy.visible(actor, Action.VIEW_MODELS, served)[:100]
    names = dict.fromkeys(row.name for row in open_to_key(actor, seen) if row.info.get("mode", "chat") == "chat")
    for name in [name for name in names if PLAIN.fullmatch(name)][:TRIED]:
        verdict = admission.question(caller, model=name, route=ROUTE)
        if verdict.allowed or (verdict.refusal and verdict.refusal.status in LATER):
            return name
    return None
