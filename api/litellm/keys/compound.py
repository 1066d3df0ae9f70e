"""A key and what comes with it in one request: one transaction, all or nothing. No rule stands here."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError

from api.litellm import translate
from api.litellm.budgets.holding import held
from api.litellm.keys import asks
from api.litellm.presets import PRESET_OF_TYPE, check
from api.litellm.scopes import is_named
from api.litellm.translate import columns, ends
from api.litellm.users.rows import PEOPLE
from keys import rotation
from keys import services as keys
from keys.models import Key
from keys.moves import move_key
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from rbacadmin.service import service
from teams.models import Team

OWNED = ("user_id", "team_id", "project_id", "organization_id")


@service
def generate_key(actor: Actor, body: asks.KeyNew) -> tuple[Key, str]:
    """A key where the request says: `user_id` left out means oneself, null means nobody."""
    if body.key:
        raise ValidationError({"key": "Keys are made here; a secret cannot be chosen."})
    if body.key_type == "gateway":
        return generate_gateway_key(actor, body)
    owner = policy.find(actor, Action.VIEW_PEOPLE, PEOPLE.all(), body.user_id) if body.user_id else None
    if "user_id" not in body.model_fields_set:
        owner = actor.user
    key, secret = keys.generate_key(actor, owner=owner, **places(actor, body), **key_columns(body))
    key = held(actor, key, body)
    if body.blocked:
        key = keys.block_key(actor, key)
    return key, secret


def generate_gateway_key(actor: Actor, body: asks.KeyNew) -> tuple[Key, str]:
    """The credential of a gateway, which belongs to nobody and nothing."""
    named = {name: "A gateway credential belongs to nobody and nothing." for name in OWNED if getattr(body, name)}
    if named:
        raise ValidationError(named)
    return keys.generate_gateway_key(actor, **key_columns(body))


@service
def generate_service_key(actor: Actor, body: asks.KeyNew) -> tuple[Key, str]:
    """A service account's key in the team or project named."""
    if body.key:
        raise ValidationError({"key": "Keys are made here; a secret cannot be chosen."})
    found = places(actor, body, Action.CREATE_SERVICE_KEYS)
    found.pop("organization", None)
    found.pop("unbound", None)
    key, secret = keys.generate_service_key(actor, **found, **key_columns(body))
    return held(actor, key, body), secret


def places(actor: Actor, body: asks.KeyNew, action: Action = Action.CREATE_KEYS) -> dict[str, Any]:
    """The scopes that a new key names. What the caller cannot see is 404, as always."""
    found: dict[str, Any] = {}
    if body.team_id:
        found["team"] = policy.find(actor, action, Team, body.team_id)
    if body.project_id:
        found["project"] = policy.find(actor, action, Project, body.project_id)
    if body.organization_id:
        found["organization"] = policy.find(actor, Action.SEE_ORGANIZATIONS, Organization, body.organization_id)
    elif "organization_id" in body.model_fields_set:
        found["unbound"] = True  # an explicit null: the key manages for its owner everywhere, and calls no model
    return found


def key_columns(body: asks.KeyFields) -> dict[str, Any]:
    """The columns of a key that a request sets."""
    found = columns(body, translate.KEY)
    if body.key_type == "gateway" and not isinstance(body, asks.KeyNew):
        raise ValidationError({"key_type": "No key becomes the credential of a gateway: make a new one."})
    if body.key_type and "allowed_routes" not in found:
        found["allowed_routes"] = [PRESET_OF_TYPE[body.key_type]] if body.key_type in PRESET_OF_TYPE else []
    if "allowed_routes" in found:
        found["allowed_routes"] = check(found["allowed_routes"])
    if "duration" in body.model_fields_set:
        found["expires_at"] = ends(body.duration)
    return found


@service
def update_key(actor: Actor, key: Key, *, body: asks.KeyUpdate, **place: Any) -> Key:
    """Change fields, move, and block or unblock, as the request says."""
    key = held(actor, keys.update_key(actor, key, **key_columns(body)), body)
    key = move_key(actor, key, **new_owner(actor, key, body), **place)
    if body.blocked is not None and body.blocked != key.blocked:
        key = (keys.block_key if body.blocked else keys.unblock_key)(actor, key)
    return key


@service
def regenerate_key(
    actor: Actor, key: Key, *, grace: timedelta | None, body: asks.KeyFields, **place: Any
) -> tuple[Key, str]:
    """Give the key a new secret, and change and move it as the request says."""
    key, secret = rotation.regenerate_key(actor, key, grace=grace, **key_columns(body))
    return move_key(actor, held(actor, key, body), **new_owner(actor, key, body), **place), secret


def new_owner(actor: Actor, key: Key, body: asks.KeyFields) -> dict[str, Any]:
    """The `user` to whom a request gives the key, when it is another one."""
    person = key.user if key.kind != Key.Kind.SERVICE else None
    if "user_id" not in body.model_fields_set or is_named(person, body.user_id):
        return {}
    policy.require(actor, Action.MOVE_KEYS, key)  # before anything is said about whose it would be
    return {"user": policy.find(actor, Action.VIEW_PEOPLE, PEOPLE.all(), body.user_id) if body.user_id else None}


def new_place(actor: Actor, key: Key, body: asks.KeyFields) -> dict[str, Any]:
    """The scopes to which a request moves the key. Clients that send whole rows back name those of now.

    They are found before the transaction begins, so that it locks old and new organizations in one order.
    """
    action = Action.CREATE_SERVICE_KEYS if key.kind == Key.Kind.SERVICE else Action.CREATE_KEYS_FOR_OTHERS
    found: dict[str, Any] = {}
    for name, current, model in (
        ("team", key.team, Team),
        ("project", key.project, Project),
        ("organization", key.organization, Organization),
    ):
        ident = getattr(body, f"{name}_id")
        if f"{name}_id" in body.model_fields_set and not is_named(current, ident):
            policy.find(actor, Action.MOVE_KEYS, Key, key.pk)  # before anything is said about where it would go
            found[name] = policy.find(actor, action, model, ident) if ident else None
    return found
