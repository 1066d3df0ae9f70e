"""/v1/organization/projects/{project_id}/api_keys: the keys in a project. OpenAI lets nobody mint one here."""

from collections.abc import Sequence
from typing import Any, Literal

from django.db.models import Exists, OuterRef, Q, QuerySet

from api.openai.administration.pages import ByLast, Page, by_last, cut, stamp, stamp_or_none
from api.openai.administration.places import OfProject, project_of
from api.openai.administration.predefined import PROJECT, word_of
from api.openai.administration.route import DELETE, GET, POST, Context, Route
from api.openai.administration.scopes import actions_of
from api.openai.administration.service_accounts import Seconds, ends_in
from api.types import Ident, Names, Response
from keys import services
from keys.models import Key
from rbacadmin import policy
from rbacadmin.policy import Action
from rbacadmin.policy import Action as Do
from rbacadmin.policy.actor import unexpired
from teams.models import Membership


class KeyPage(Page, OfProject):
    owner_project_access: Literal["active", "inactive", "any"] = "any"


class OfKey(OfProject):
    key_id: Ident


class KeyUpdate(OfKey):
    """`scopes` are all that the key may do from now on; none are no restriction."""

    scopes: Names | None = None
    expires_in_seconds: Seconds | None = None


class OwnerUser(Response):
    id: str
    email: str
    name: str
    role: str
    created_at: int


class OwnerAccount(Response):
    id: str
    name: str
    role: str
    created_at: int


class KeyOwner(Response):
    type: Literal["user", "service_account"] | None = None
    user: OwnerUser | None = None
    service_account: OwnerAccount | None = None


class KeyShown(Response):
    id: str
    object: Literal["organization.project.api_key"] = "organization.project.api_key"
    name: str
    redacted_value: str
    created_at: int
    last_used_at: int | None = None
    expires_at: int | None = None
    owner: KeyOwner
    owner_project_access: Literal["active", "inactive"]


class KeysShown(ByLast):
    data: Sequence[KeyShown]


class KeyDeleted(Response):
    id: str
    object: Literal["organization.project.api_key.deleted"] = "organization.project.api_key.deleted"
    deleted: bool = True


def keys_in(project: Any) -> QuerySet[Key]:
    """The keys of a project, with their owners."""
    return Key.objects.select_related("user").filter(project=project)


def with_access(rows: QuerySet[Key], access: str) -> QuerySet[Key]:
    """The keys whose owner may (or may not) act in the project; of any keys, `shown` reads that by itself."""
    if access == "any":
        return rows
    held = Membership.objects.filter(unexpired(), project=OuterRef("project"), user=OuterRef("user"))
    active = (Q(kind=Key.Kind.SERVICE) | Q(Exists(held))) & Q(user__blocked_by="")
    return rows.filter(active) if access == "active" else rows.exclude(active)


def shown(rows: Sequence[Key]) -> list[KeyShown]:
    """Keys as they may be shown. One query for the roles of their owners."""
    projects, people = {row.project_id for row in rows}, {row.user_id for row in rows}
    held = Membership.objects.filter(unexpired(), project__in=projects, user__in=people)
    roles: dict[tuple[Any, Any], str] = {
        (user, project): role for user, project, role in held.values_list("user_id", "project_id", "role")
    }
    found = []
    for row in rows:
        role, service = roles.get((row.user_id, row.project_id)), row.kind == Key.Kind.SERVICE
        active = (service or role is not None) and row.user is not None and row.user.is_active
        found.append(
            KeyShown(
                id=row.prefixed_id,
                name=row.label,
                redacted_value=row.name,
                created_at=stamp(row.created_at),
                last_used_at=stamp_or_none(row.last_used_at),
                expires_at=stamp_or_none(row.expires_at),
                owner=owner_of(row, word_of(PROJECT, role) if role else "none"),
                owner_project_access="active" if active else "inactive",
            )
        )
    return found


def owner_of(row: Key, role: str) -> KeyOwner:
    user = row.user
    if user is None:
        return KeyOwner()
    facts: dict[str, Any] = {"id": user.prefixed_id, "name": user.name, "created_at": stamp(user.created_at)}
    if row.kind == Key.Kind.SERVICE:
        return KeyOwner(type="service_account", service_account=OwnerAccount(role="member", **facts))
    return KeyOwner(type="user", user=OwnerUser(role=role, email=user.email or "", **facts))


def list_page(context: Context, body: KeyPage) -> KeysShown:
    """All keys for who leads the project, else one's own; newest first."""
    rows = keys_in(project_of(context, Action.VIEW_PROJECTS, body.project_id))
    items, more = cut(context, Action.LIST_KEYS, with_access(rows, body.owner_project_access), body)
    return by_last(KeysShown, shown(items), more)


def key_of(context: Context, action: Action, body: OfKey) -> Key:
    rows = keys_in(project_of(context, Action.VIEW_PROJECTS, body.project_id))
    return policy.find(context.actor, action, rows, body.key_id)


def info(context: Context, body: OfKey) -> KeyShown:
    return shown([key_of(context, Action.VIEW_KEYS, body)])[0]


def update(context: Context, body: KeyUpdate) -> KeyShown:
    key = key_of(context, Action.UPDATE_KEYS, body)
    changes = ends_in(body.expires_in_seconds)
    if body.scopes is not None:
        changes["actions"] = actions_of(body.scopes)
    return shown([services.update_key(context.actor, key, **changes)])[0]


def delete(context: Context, body: OfKey) -> KeyDeleted:
    key = key_of(context, Action.DELETE_KEYS, body)
    services.delete_keys(context.actor, key)
    return KeyDeleted(id=key.prefixed_id)


PATH = "/v1/organization/projects/{project_id}/api_keys"
# fmt: off
ROUTES: tuple[Route, ...] = (
    Route(PATH, GET, Do.LIST_KEYS, KeyPage, KeysShown, list_page, "error", "The keys that you may see"),
    Route(f"{PATH}/{{key_id}}", GET, Do.VIEW_KEYS, OfKey, KeyShown, info, "error", "A key"),
    Route(f"{PATH}/{{key_id}}", POST, Do.UPDATE_KEYS, KeyUpdate, KeyShown, update, "error",
          "Say what a key may do, and when it ends"),
    Route(f"{PATH}/{{key_id}}", DELETE, Do.DELETE_KEYS, OfKey, KeyDeleted, delete, "error", "Delete a key"),
)
# fmt: on
