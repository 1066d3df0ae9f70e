"""Many keys changed in one request: those named, or those of a team."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError

from api.litellm.bulk import AT_ONCE, tried
from api.litellm.keys import asks, calls
from api.litellm.keys.rows import KEYS
from api.litellm.route import WIRE
from api.litellm.teams.rows import TEAMS
from keys import secrets
from rbacadmin import policy
from rbacadmin.policy import Action, Actor


def update(actor: Actor, body: asks.KeysUpdate) -> dict[str, Any]:
    """Each key with its own changes."""
    return results(actor, body.keys)


def update_in_team(actor: Actor, body: asks.TeamKeysUpdate) -> dict[str, Any]:
    """Keys of one team, all changed alike; a key from elsewhere is none of them."""
    if body.all_keys_in_team == (body.key_ids is not None):
        raise ValidationError({"key_ids": "Name `key_ids`, or say `all_keys_in_team`."})
    team = policy.find(actor, Action.SEE_TEAMS, TEAMS, body.team_id)
    inside = KEYS.filter(team=team)
    if body.key_ids is not None:
        known = {key.pk for key in policy.visible(actor, Action.VIEW_KEYS, inside)}
        named = body.key_ids
    else:
        found = list(policy.visible(actor, Action.UPDATE_KEYS, inside).order_by("created_at", "pk")[: AT_ONCE + 1])
        if len(found) > AT_ONCE:
            raise ValidationError({"all_keys_in_team": f"There are more than {AT_ONCE} keys: name them in lists."})
        known, named = {key.pk for key in found}, [key.token for key in found]
    fields = body.update_fields.model_dump(exclude_unset=True)
    return results(actor, [asks.KeyUpdate(**{**fields, "key": ident}) for ident in named], known)


def results(actor: Actor, items: Iterable[asks.KeyUpdate], within: set[Any] | None = None) -> dict[str, Any]:
    """What became of each."""
    done: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for item in items:
        ident = item.key or item.key_alias or ""
        shown = secrets.stored(ident) if ident.startswith(secrets.PREFIX) else ident
        row, reason = tried(partial(updated, actor, item, within), WIRE["key"])
        if reason is None:
            done.append({"key": shown, "key_info": {name: value for name, value in row.items() if name != "key"}})
        else:
            failed.append({"key": shown, "key_info": None, "failed_reason": reason})
    return {"total_requested": len(done) + len(failed), "successful_updates": done, "failed_updates": failed}


def updated(actor: Actor, item: asks.KeyUpdate, within: set[Any] | None) -> dict[str, Any]:
    if within is not None and calls.find(actor, Action.VIEW_KEYS, item.key or "").pk not in within:
        raise ValidationError({"key_ids": "This key is not in the team."})
    return calls.update(actor, item)
