"""/v1/organization/users: the members of the organization. Nobody is created here; invitations do that."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from api.openai.administration.pages import ByLast, Page, by_last, cut, stamp
from api.openai.administration.places import MEMBERS, member_of, person
from api.openai.administration.predefined import ORGANIZATION, role_named, word_of
from api.openai.administration.route import DELETE, GET, POST, Context, Route
from api.types import Ident, Request, Response, Text
from rbacadmin import policy
from rbacadmin.policy import Action
from rbacadmin.policy import Action as Do
from teams import services
from teams.models import Membership


class UserPage(Page):
    emails: Annotated[list[Ident], Field(max_length=100)] | None = None


class OfUser(Request):
    user_id: Ident


class UserUpdate(OfUser):
    """`developer_persona` and `technical_level` are told to nobody here, and ignored."""

    role: Text | None = None
    role_id: Text | None = None


class InProject(Response):
    id: str
    name: str
    role: str


class InProjects(Response):
    object: Literal["list"] = "list"
    data: Sequence[InProject]


class Account(Response):
    id: str
    object: Literal["user"] = "user"
    email: str | None = None
    name: str
    enabled: bool
    banned: bool


class UserShown(Response):
    id: str
    object: Literal["organization.user"] = "organization.user"
    email: str | None = None
    name: str
    role: str | None = None  # in the organization, for who sees it
    added_at: int
    is_default: bool = False
    is_service_account: bool = False
    is_scim_managed: bool = False
    user: Account
    projects: InProjects


class Users(ByLast):
    data: Sequence[UserShown]


class UserDeleted(Response):
    id: str
    object: Literal["organization.user.deleted"] = "organization.user.deleted"
    deleted: bool = True


def shown(context: Context, rows: Sequence[Membership]) -> list[UserShown]:
    """Members with the projects that the actor sees them in. One query, however many they are."""
    inside = MEMBERS.filter(
        user__in=[row.user_id for row in rows], organization=context.organization, project__isnull=False
    )
    joined: dict[object, list[InProject]] = defaultdict(list)
    for row in policy.visible(context.actor, Action.VIEW_MEMBERS, inside).order_by("created_at", "pk"):
        if row.project is not None:
            held = InProject(id=row.project.prefixed_id, name=row.project.alias, role=row.role)
            joined[row.user_id].append(held)
    return [one(row, joined[row.user_id]) for row in rows]


def one(row: Membership, projects: Sequence[InProject]) -> UserShown:
    user = row.user
    return UserShown(
        id=user.prefixed_id,
        email=user.email,
        name=user.name,
        role=None if row.project else word_of(ORGANIZATION, row.role),
        added_at=stamp(row.created_at),
        user=Account(
            id=user.prefixed_id, email=user.email, name=user.name, enabled=user.is_active, banned=user.blocked
        ),
        projects=InProjects(data=projects),
    )


def list_page(context: Context, body: UserPage) -> Users:
    rows = MEMBERS.filter(group_id=context.organization.group_id)
    if body.emails:
        rows = rows.filter(user__email__in=[email.lower() for email in body.emails])
    items, more = cut(context, Action.VIEW_MEMBERS, rows, body, named=person)
    return by_last(Users, shown(context, items), more)


def info(context: Context, body: OfUser) -> UserShown:
    return shown(context, [member_of(context, None, body.user_id)])[0]


def update(context: Context, body: UserUpdate) -> UserShown:
    membership = member_of(context, None, body.user_id)
    wanted = role_named(ORGANIZATION, body.role_id or body.role)
    if wanted is not None and wanted.word != word_of(ORGANIZATION, membership.role):
        membership = services.change_member(context.actor, membership, role=wanted.role)
    return shown(context, [membership])[0]


def delete(context: Context, body: OfUser) -> UserDeleted:
    """Take a person out of the organization, its projects and its teams; the keys that they hold there end."""
    membership = member_of(context, None, body.user_id)
    services.remove_member(context.actor, membership)
    return UserDeleted(id=membership.user.prefixed_id)


PATH = "/v1/organization/users"
# fmt: off
ROUTES: tuple[Route, ...] = (
    Route(PATH, GET, Do.VIEW_MEMBERS, UserPage, Users, list_page, "error", "The members that you may see"),
    Route(f"{PATH}/{{user_id}}", GET, Do.VIEW_MEMBERS, OfUser, UserShown, info, "error", "A member"),
    Route(f"{PATH}/{{user_id}}", POST, Do.MANAGE_MEMBERS, UserUpdate, UserShown, update, "error",
          "Change a member's role"),
    Route(f"{PATH}/{{user_id}}", DELETE, Do.MANAGE_MEMBERS, OfUser, UserDeleted, delete, "error",
          "Take a person out of the organization"),
)
# fmt: on
