"""The verbs of virtual keys."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from keys import secrets
from keys.bounds import DEFAULTS, WHO, give_defaults, hold, within
from keys.models import Key
from keys.parents import home_of, parents_of
from orgs.models import Organization, Project
from rbacadmin import audit, blocking, policy, shapes
from rbacadmin.changes import check_limits, revise
from rbacadmin.errors import Duplicate, PermissionDenied
from rbacadmin.models import fold
from rbacadmin.policy import Action, Actor, Decision
from rbacadmin.policy.actor import unexpired
from rbacadmin.policy.decision import Limit
from rbacadmin.policy.ends import earlier, reaches
from rbacadmin.service import service
from teams.models import Membership, Team, User


@service
def generate_key(
    actor: Actor,
    *,
    owner: User | None = None,
    team: Team | None = None,
    project: Project | None = None,
    organization: Organization | None = None,
    unbound: bool = False,
    **values: Any,
) -> tuple[Key, str]:
    """Mint a key for `owner` (None: for nobody) and return it with its secret, which is never to be had again.

    Lives in the team and project named; else it carries the organization named, else its owner's only one, unless
    `unbound` (rulebook 16). `values` are columns of Key. Where they say no end, the key ends with what lets the actor
    make it, if that ends. Raises PermissionDenied, Duplicate, Outlives, ValidationError.
    """
    home = home_of(actor, owner, team, project, organization, unbound=unbound)
    key = draft(actor, Key.Kind.PERSONAL, user=owner, team=team, project=project, organization=home, **values)
    latest = policy.until(actor, lambda asker: require_minting(asker, key))
    return finish(actor, key, policy.end_within(latest, values, place_of(key)))


@service
def generate_service_key(
    actor: Actor, *, team: Team | None = None, project: Project | None = None, name: str = "", **values: Any
) -> tuple[Key, str]:
    """Mint a service account and its key in a team or project (KEY-04, KEY-35). It survives its creator.

    It ends with what lets the actor make it, if that ends: Outlives for a later end.
    """
    if team is None and project is None:
        raise ValidationError({"team_id": "A service account belongs to a team or a project."})
    for scope in (team, project):
        if scope is not None:
            policy.require(actor, Action.CREATE_SERVICE_KEYS, scope)
    home = home_of(actor, None, team, project, None)
    account = make_account(actor, name or values.get("alias", ""))
    key = draft(actor, Key.Kind.SERVICE, user=account, team=team, project=project, organization=home, **values)
    latest = policy.until(actor, lambda asker: require_minting_service(asker, key))
    return finish(actor, key, policy.end_within(latest, values, place_of(key)))


def make_account(actor: Actor, name: str) -> User:
    """The service account that a key is for."""
    account = User(kind=User.Kind.SERVICE, name=name, created_by=actor.label)
    account.set_unusable_password()
    account.save()
    return account


@service
def generate_gateway_key(actor: Actor, **values: Any) -> tuple[Key, str]:
    """Mint the credential of a gateway: it asks for admissions and reports usage, and does nothing else (SPD-06)."""
    policy.require(actor, Action.WIDEN_KEYS)  # on the platform: its reach is everybody's calls
    return finish(actor, draft(actor, Key.Kind.GATEWAY, **values))


def draft(actor: Actor, kind: str, **values: Any) -> Key:
    """A key that is not saved yet. Its routes and actions only ever take away, so whoever makes it may choose them."""
    if values.get("permissions") or values.get("excluded_from_rate_limiting"):
        policy.require(actor, Action.WIDEN_KEYS)
    key = Key(kind=kind, created_by=actor.label, updated_by=actor.label, **values)
    shapes.check_row(key)
    require_routes_within(actor, key)
    require_end_within(actor, key)
    require_free_alias(key, key.alias)
    return key


def require_routes_within(actor: Actor, key: Key) -> None:
    """Raise PermissionDenied when a key that is held to some routes would make another that is held to fewer."""
    own = actor.key.allowed_routes if actor.key is not None else []
    if own and not (key.allowed_routes and set(key.allowed_routes) <= set(own)):
        limit = Limit("key_cap", f"A key that is held to routes makes keys for these only: {', '.join(own)}.")
        raise PermissionDenied(Decision(False, Action.WIDEN_KEYS, actor.label, "", limits=(limit,)))


def require_end_within(actor: Actor, key: Key) -> None:
    """Raise Outlives when a key that has an end would make another that outlives it (rulebook 11)."""
    # A sign-in from a terminal ends as a session does, and is its person all the same.
    end = actor.key.expires_at if actor.key is not None and not actor.key.is_session else None
    policy.require_within(end, key.expires_at, place_of(key))


def place_of(key: Key) -> Any:
    """The innermost scope that a key lives in, or None."""
    return key.project or key.team or key.organization


def require_changeable(key: Key) -> None:
    """Raise ValidationError for a sign-in from a terminal: whoever could renew or move it would be signed in anew."""
    if key.is_session:
        raise ValidationError({"key": "A sign-in from a terminal is not changed: end it, and sign in again."})


def require_minting(actor: Actor, key: Key) -> None:
    """Raise unless the actor may make this key: for oneself where one may, for others by rank (KEY-01 to KEY-05)."""
    mine = key.user is not None and key.user_id == actor.user_id
    action = Action.CREATE_KEYS if mine else Action.CREATE_KEYS_FOR_OTHERS
    bound: list[Any] = [scope for scope in (key.team, key.project) if scope is not None]
    for scope in bound or [key.user if mine else key.organization]:
        policy.require(actor, action, scope)
    if not mine and key.user is not None:
        require_membership(key)
    if key.user is not None:
        policy.require_not_above(actor, holder(actor, key))  # oneself too: a team's key mints no wider one


def require_minting_service(actor: Actor, key: Key) -> None:
    """Raise PermissionDenied unless the actor may make this key of a service account where it lives."""
    for scope in (key.team, key.project):
        if scope is not None:
            policy.require(actor, Action.CREATE_SERVICE_KEYS, scope)
    policy.require_not_above(actor, Actor.for_key(key))


def holder(actor: Actor, key: Key) -> Actor:
    """Who acts with the key. One's own does what one holds oneself, also at a later moment."""
    found = Actor.for_key(key)
    mine = key.user_id is not None and key.user_id == actor.user_id
    return replace(found, roles=actor.roles, grants=actor.grants) if mine else found


def require_membership(key: Key) -> None:
    """A key in a team or project belongs to one of its members."""
    scopes: list[Any] = [scope for scope in (key.team, key.project) if scope is not None]
    for scope in scopes:
        if not Membership.objects.filter(unexpired(), user=key.user, group_id=scope.group_id).exists():
            raise ValidationError({"user_id": f"{key.user} is not a member of the {scope.kind}."})


def finish(actor: Actor, key: Key, latest: datetime | None = None) -> tuple[Key, str]:
    """Give the key a secret of its own and save it. It ends at `latest`, or before."""
    secret = secrets.make(key.kind)
    return keep(actor, key, secrets.digest(secret), secret[-4:], latest=latest), secret


def keep(actor: Actor, key: Key, token: str, hint: str, *, latest: datetime | None = None, **details: Any) -> Key:
    """Save a key that opens with what hashes to `token`, within what its parents allow, with an end by `latest`."""
    parents = parents_of(key)
    asked = key.expires_at
    give_defaults(key, parents)
    usual = key.expires_at
    hold(key, parents)
    if key.expires_at != asked:  # nobody chose it, which its page says
        by = DEFAULTS if key.expires_at == usual else WHO
        details["ends"] = {"at": key.expires_at.isoformat() if key.expires_at else None, "by": by}
    key.expires_at = earlier(key.expires_at, latest)
    check_limits(key, parents)
    key.token, key.hint = token, hint
    key.full_clean(
        exclude=["user", "team", "project", "organization"], validate_unique=False, validate_constraints=False
    )
    key.save()
    audit.record(actor, "key.generated", key, owner=key.owner_label, alias=key.alias, **details)
    return key


def require_free_alias(key: Key, alias: str) -> None:
    """Raise Duplicate when another key of the organization has this alias (rulebook 21)."""
    if not alias:
        return
    taken = Q(alias_key=fold(alias), organization_id=key.organization_id)
    if Key.objects.filter(taken).exclude(pk=key.pk).exists():
        raise Duplicate("alias", f"There is a key with the alias '{alias}' already.")


@service
def update_key(actor: Actor, key: Key, **changes: Any) -> Key:
    """Change the fields given. What gives the key more needs its own right (KEY-12 to KEY-15, KEY-18).

    Nobody makes a key last longer than they hold that right: Outlives.
    """
    policy.require(actor, Action.UPDATE_KEYS, key)
    require_changeable(key)
    if changes.get("alias"):
        require_free_alias(key, changes["alias"])
    parents, before = parents_of(key), key.expires_at
    revise(actor, key, within(key, changes, parents), event="key.updated", parents=parents)
    if "allowed_routes" in changes:
        require_routes_within(actor, key)
    if "expires_at" in changes:
        require_end_within(actor, key)
    if not reaches(before, key.expires_at):
        latest = policy.until(actor, lambda asker: policy.require(asker, Action.RAISE_KEY_LIMITS, key))
        policy.require_within(latest, key.expires_at, key)
    return key


@service
def block_key(actor: Actor, key: Key) -> Key:
    """Block the key (KEY-24)."""
    blocked: Key = blocking.block(actor, key, Action.BLOCK_KEYS)
    return blocked


@service
def unblock_key(actor: Actor, key: Key) -> Key:
    """Lift the block of a key (KEY-25, KEY-27)."""
    unblocked: Key = blocking.unblock(actor, key, Action.UNBLOCK_KEYS)
    return unblocked


@service
def delete_keys(actor: Actor, *keys: Key) -> None:
    """Archive the keys: all of them, or none when one may not be."""
    for key in keys:
        policy.require(actor, Action.DELETE_KEYS, key)
    for key in keys:
        archive_key(actor, key)


def archive_key(actor: Actor, key: Key, *, because: str = "") -> None:
    """Move a key to the archive. A service account goes with its last key."""
    snapshot = {
        name: getattr(key, name)
        for name in ("alias", "name", "kind", "user_id", "max_budget", "models", "expires_at", "created_at")
    }
    audit.archive(actor, key, name=key.label, snapshot={**snapshot, "owner": key.owner_label})
    audit.record(actor, "key.deleted", key, because=because, owner=key.owner_label)
    account = key.user if key.kind == Key.Kind.SERVICE else None
    key.delete()
    if account is not None and not account.keys.exists():
        account.delete()


def archive_keys_of_leaver(actor: Actor, membership: Membership) -> None:
    """A person who leaves a scope leaves the keys that they hold there; service keys stay (rulebook 9)."""
    kind, pk = membership.scope_key
    for key in (
        Key.objects.select_for_update()
        .filter(user_id=membership.user_id, kind=Key.Kind.PERSONAL, **{f"{kind}_id": pk})
        .order_by("pk")
    ):
        archive_key(actor, key, because=f"left the {kind}")


def touch(key: Key, now: datetime) -> None:
    """Note that the key was used, at most once a minute; not a managed change, so neither locked nor recorded."""
    if key.last_used_at is None or (now - key.last_used_at).total_seconds() >= 60:
        Key.objects.filter(pk=key.pk).update(last_used_at=now)
