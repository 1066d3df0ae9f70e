"""/v1/organization/admin_api_keys: keys that manage the organization for whoever made them, and call no model."""

from collections.abc import Sequence
from typing import Any, Literal

from django.db.models import QuerySet

from api.openai.administration.pages import ByLast, LongPage, by_last, cut, sorted_by, stamp, stamp_or_none
from api.openai.administration.predefined import ORGANIZATION, word_of
from api.openai.administration.route import DELETE, GET, POST, Context, Route
from api.openai.administration.service_accounts import Seconds, ends_in
from api.types import Ident, Named, Request, Response
from keys import admin_keys, services
from keys.models import Key
from rbacadmin import policy
from rbacadmin.model_names import NO_MODELS
from rbacadmin.policy import Action
from rbacadmin.policy import Action as Do
from rbacadmin.policy.actor import unexpired
from teams.models import Membership


class AdminKeyPage(LongPage):
    pass


class AdminKeyNew(Request):
    name: Named
    expires_in_seconds: Seconds | None = None


class OfAdminKey(Request):
    key_id: Ident


class AdminOwner(Response):
    type: Literal["user"] = "user"
    object: Literal["organization.user"] = "organization.user"
    id: str
    name: str
    role: str | None = None
    created_at: int


class AdminKey(Response):
    id: str
    object: Literal["organization.admin_api_key"] = "organization.admin_api_key"
    name: str
    redacted_value: str
    created_at: int
    expires_at: int | None = None
    last_used_at: int | None = None
    owner: AdminOwner


class AdminKeyMade(AdminKey):
    """`value` is shown once."""

    value: str


class AdminKeys(ByLast):
    data: Sequence[AdminKey]


class AdminKeyDeleted(Response):
    id: str
    object: Literal["organization.admin_api_key.deleted"] = "organization.admin_api_key.deleted"
    deleted: bool = True


def keys_of(context: Context) -> QuerySet[Key]:
    """Personal keys of the organization that are bound to nothing in it and call no model."""
    inside = Key.objects.filter(organization=context.organization, team=None, project=None, user__isnull=False)
    return inside.select_related("user").filter(kind=Key.Kind.PERSONAL, models=[NO_MODELS])


def shown(context: Context, rows: Sequence[Key]) -> list[AdminKey]:
    """Keys as they may be shown. One query for the roles that their owners hold at this moment."""
    held = Membership.objects.filter(
        unexpired(), group_id=context.organization.group_id, user__in=[row.user_id for row in rows]
    ).values_list("user_id", "role")
    roles: dict[Any, Any] = {user: word_of(ORGANIZATION, role) for user, role in held}
    return [
        AdminKey(
            id=row.prefixed_id,
            name=row.label,
            redacted_value=row.name,
            created_at=stamp(row.created_at),
            expires_at=stamp_or_none(row.expires_at),
            last_used_at=stamp_or_none(row.last_used_at),
            owner=AdminOwner(
                id=row.user.prefixed_id,
                name=row.user.label,
                role=roles.get(row.user_id),
                created_at=stamp(row.user.created_at),
            ),
        )
        for row in rows
        if row.user is not None
    ]


def list_page(context: Context, body: AdminKeyPage) -> AdminKeys:
    items, more = cut(context, Action.LIST_KEYS, keys_of(context), body, order=sorted_by(body))
    return by_last(AdminKeys, shown(context, items), more)


def new(context: Context, body: AdminKeyNew) -> AdminKeyMade:
    """A key for oneself: what one may do in the organization, and no more. A member's admin key manages nothing."""
    key, secret = admin_keys.generate_admin_key(
        context.actor, context.organization, alias=body.name, **ends_in(body.expires_in_seconds)
    )
    return AdminKeyMade(**shown(context, [key])[0].model_dump(), value=secret)


def info(context: Context, body: OfAdminKey) -> AdminKey:
    return shown(context, [policy.find(context.actor, Action.VIEW_KEYS, keys_of(context), body.key_id)])[0]


def delete(context: Context, body: OfAdminKey) -> AdminKeyDeleted:
    key = policy.find(context.actor, Action.DELETE_KEYS, keys_of(context), body.key_id)
    services.delete_keys(context.actor, key)
    return AdminKeyDeleted(id=key.prefixed_id)


PATH = "/v1/organization/admin_api_keys"
# fmt: off
ROUTES: tuple[Route, ...] = (
    Route(PATH, GET, Do.LIST_KEYS, AdminKeyPage, AdminKeys, list_page, "error", "The admin keys that you may see"),
    Route(PATH, POST, Do.CREATE_KEYS, AdminKeyNew, AdminKeyMade, new, "error", "Make an admin key for yourself"),
    Route(f"{PATH}/{{key_id}}", GET, Do.VIEW_KEYS, OfAdminKey, AdminKey, info, "error", "An admin key"),
    Route(f"{PATH}/{{key_id}}", DELETE, Do.DELETE_KEYS, OfAdminKey, AdminKeyDeleted, delete, "error",
          "Delete an admin key"),
)
# fmt: on
