"""Service accounts of a project: finding them, and the verbs of those that have more than one key."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from keys.models import Key
from keys.services import delete_keys, draft, finish, require_minting_service
from orgs.models import Project
from rbacadmin import audit, policy
from rbacadmin.errors import NotFound
from rbacadmin.policy import Action, Actor
from rbacadmin.service import refuse, service
from teams.models import User

SERVICE_KEYS = Key.objects.filter(kind=Key.Kind.SERVICE)


def accounts_in(actor: Actor, project: Project) -> QuerySet[User]:
    """The accounts of the project of which the actor may see a key."""
    keys = policy.visible(actor, Action.VIEW_KEYS, SERVICE_KEYS.filter(project=project))
    return User.objects.filter(kind=User.Kind.SERVICE, pk__in=keys.values("user"))


def account_of(actor: Actor, project: Project, ident: Any, action: Action) -> User:
    """The account. Raises NotFound, on record as `action`, when the actor sees none of that name in the project."""
    found = accounts_in(actor, project).filter(User.named(str(ident))).first()
    if found is None:
        hidden = SERVICE_KEYS.filter(project=project, user__in=User.rows_named(str(ident))).first()
        raise refuse(actor, NotFound("service account", str(ident), action=action, obj=hidden))
    return found


def account_to(actor: Actor, action: Action, project_id: UUID, account_id: UUID) -> tuple[Project, User]:
    """The project, and an account of it with each of whose keys the actor may do this.

    As many queries for many keys as for one. Raises NotFound, PermissionDenied.
    """
    rows = SERVICE_KEYS.filter(project=project_id, user=account_id).select_related("project", "user")
    keys, allowed = list(rows.order_by("created_at", "pk")), set(policy.visible(actor, action, rows))
    for key in keys:
        if key not in allowed:
            policy.find(actor, action, rows, key.pk)  # which refuses, on record
    if not keys or keys[0].project is None or keys[0].user is None:
        raise NotFound("service account", str(account_id))
    return keys[0].project, keys[0].user


def first_keys() -> QuerySet[Key]:
    """The oldest key of each account, which stands for the account in lists and counts."""
    same = SERVICE_KEYS.filter(user=OuterRef("user"), project=OuterRef("project"))
    older = Q(created_at__lt=OuterRef("created_at")) | Q(created_at=OuterRef("created_at"), pk__lt=OuterRef("pk"))
    return SERVICE_KEYS.exclude(Exists(same.filter(older)))


def keys_of(account: User, project: Project) -> list[Key]:
    """The keys of the account in the project. Raises NotFound for an account that has none there."""
    found = list(SERVICE_KEYS.filter(user=account, project=project).order_by("created_at", "pk"))
    if not found:
        raise NotFound("service account", account.public_id)
    return found


@service
def add_service_key(actor: Actor, project: Project, *, account: User, **values: Any) -> tuple[Key, str]:
    """One more key for a service account of the project, with its secret. `values` are columns of Key.

    Raises PermissionDenied, NotFound, Duplicate, Outlives, ValidationError.
    """
    policy.require(actor, Action.CREATE_SERVICE_KEYS, project)
    keys_of(account, project)
    home = project.organization
    key = draft(actor, Key.Kind.SERVICE, user=account, project=project, organization=home, **values)
    latest = policy.until(actor, lambda asker: require_minting_service(asker, key))
    return finish(actor, key, policy.end_within(latest, values, project))


@service
def rename_service_account(actor: Actor, project: Project, *, account: User, name: str) -> User:
    """Call a service account something else: for who may update all of its keys."""
    for key in keys_of(account, project):
        policy.require(actor, Action.UPDATE_KEYS, key)
    before, account.name = account.name, name
    account.updated_by = actor.label
    account.full_clean(exclude=["password"], validate_unique=False, validate_constraints=False)
    account.save()
    audit.record(actor, "user.updated", account, scope=project, changed={"name": [before, name]})
    return account


@service
def delete_service_account(actor: Actor, project: Project, *, account: User) -> None:
    """Archive all keys of a service account in the project; the account goes with the last one."""
    delete_keys(actor, *keys_of(account, project))
