"""Keys that change their owner or their place, by themselves (KEY-16, KEY-17) or with their team."""

from copy import copy
from typing import Any

from django.core.exceptions import ValidationError

from keys.models import Key
from keys.parents import home_of, parents_of
from keys.services import (
    holder,
    require_changeable,
    require_end_within,
    require_free_alias,
    require_membership,
    require_routes_within,
)
from orgs.models import Organization
from rbacadmin import audit, limits, policy
from rbacadmin.changes import check_limits, parent, values_of
from rbacadmin.errors import Duplicate
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.subjects import all_scopes
from rbacadmin.service import service
from teams.models import Team

PLACE = ("user", "team", "project", "organization")


@service
def move_key(actor: Actor, key: Key, **place: Any) -> Key:
    """Give the key another `user`, `team`, `project` or `organization`: None takes one away, what is left out is kept.

    Asks on the stored key first and then, as minting does, on where it goes; across organizations platform admins
    only (KEY-17). Whoever holds the secret acts as the new owner from then on, so nobody who ranks above the actor
    loses a key or gets one, nor one that lasts longer than the right to move it (rulebook 11). Raises
    PermissionDenied, Duplicate, Outlives, ValidationError.
    """
    before = copy(key)
    settle(key, place)
    if all(getattr(key, f"{name}_id") == getattr(before, f"{name}_id") for name in PLACE):
        return key
    require_leaving(actor, before, key)
    require_fitting(actor, key, place)

    def may(asker: Actor) -> None:
        require_leaving(asker, before, key)
        require_destination(asker, key)
        for moving in (before, key):
            if moving.user is not None:
                policy.require_not_above(asker, holder(asker, moving))

    latest = policy.until(actor, may)
    require_routes_within(actor, key)
    require_end_within(actor, key)
    policy.require_within(latest, key.expires_at, before)
    require_free_alias(key, key.alias)
    check_limits(key, parents_of(key))
    key.updated_by = actor.label
    key.save()
    record_move(actor, before, key)
    return key


def settle(key: Key, place: dict[str, Any]) -> None:
    """Put the key, unsaved, where it is to go. A team or project brings its organization along."""
    for name, row in place.items():
        setattr(key, name, row)
    if not place.get("organization") and (inner := key.team or key.project) is not None:
        key.organization = inner.organization


def require_leaving(actor: Actor, before: Key, key: Key) -> None:
    """Raise PermissionDenied unless the actor may take the key from where it is; out of its organization, too."""
    policy.require(actor, Action.MOVE_KEYS, before)
    if key.organization_id != before.organization_id:
        policy.require(actor, Action.MOVE_KEYS)


def require_fitting(actor: Actor, key: Key, place: dict[str, Any]) -> None:
    """Raise ValidationError when the parts of the new place do not fit together, or the key does not fit there."""
    require_changeable(key)
    if key.kind == Key.Kind.GATEWAY:
        raise ValidationError({"key": "A gateway credential stays where it is."})
    service_key = key.kind == Key.Kind.SERVICE
    if service_key and "user" in place:
        raise ValidationError({"user_id": "A service account's key belongs to nobody else."})
    if service_key and key.is_personal:
        raise ValidationError({"team_id": "A service account belongs to a team or a project."})
    owner = None if service_key else key.user
    home_of(actor, owner, key.team, key.project, key.organization, unbound=key.organization is None)


def require_destination(actor: Actor, key: Key) -> None:
    """Raise unless the actor could mint such a key there, for one of the people there."""
    scopes: list[Any] = [scope for scope in (key.team, key.project) if scope is not None] or [key.organization]
    service_key = key.kind == Key.Kind.SERVICE
    for scope in scopes:
        policy.require(actor, Action.CREATE_SERVICE_KEYS if service_key else Action.CREATE_KEYS_FOR_OTHERS, scope)
    if not service_key and key.user is not None and key.user_id != actor.user_id:
        require_membership(key)


def record_move(actor: Actor, before: Key, key: Key) -> None:
    """Two events where the scopes differ: who watches the one place is not told of the other.

    `handed_on` says that whoever had the key goes on knowing its secret: see `keys/told.py`.
    """
    told: dict[str, Any] = {"handed_on": True} if is_handed_on(before, key) else {}
    if all_scopes(before) == all_scopes(key):
        audit.record(actor, "key.reassigned", key, changed={"owner": [before.owner_label, key.owner_label]}, **told)
        return
    audit.record(actor, "key.moved_out", key, scope=before, owner=before.owner_label)
    audit.record(actor, "key.moved_in", key, owner=key.owner_label, **told)


def is_handed_on(before: Key, key: Key) -> bool:
    """Whether the key had a person who has it no longer."""
    return before.user_id is not None and before.user_id != key.user_id


def carry_keys(actor: Actor, scope: Team, before: Organization | None) -> None:
    """The keys of a team that moves go along: all, or the team stays.

    Raises ValidationError for a key that names a project of the old organization or has more than the new one
    allows, Duplicate when its alias is taken there. They name the key.
    """
    bound = Key.objects.filter(**{scope.kind: scope.pk}).select_for_update(of=("self",)).order_by("pk")
    for key in bound:
        if key.project_id is not None:
            raise ValidationError({"organization_id": f"The key '{key.label}' is bound to a project there as well."})
        key.organization = scope.organization
        try:
            require_free_alias(key, key.alias)
        except Duplicate as taken:
            raise Duplicate("organization_id", f"A key there has the alias '{key.alias}' already.") from taken
        if above := limits.above_parent(values_of(key), parent(scope.organization)):
            field, message = next(iter(above.items()))
            raise ValidationError({"organization_id": f"The key '{key.label}' does not fit there: {field}: {message}"})
        key.save(update_fields=["organization"])
        audit.record(actor, "key.moved_in", key, owner=key.owner_label)
