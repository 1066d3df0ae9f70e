"""/v1/organization/projects/{project_id}/users: the members of a project."""

from collections.abc import Sequence
from typing import Literal

from django.core.exceptions import ValidationError

from api.openai.administration.pages import ByLast, Page, by_last, cut, stamp
from api.openai.administration.places import MEMBERS, OfProject, member_of, person, project_of
from api.openai.administration.predefined import PROJECT, role_asked, role_named
from api.openai.administration.route import DELETE, GET, POST, Context, Route
from api.types import Ident, Response, Text
from rbacadmin.policy import Action
from rbacadmin.policy import Action as Do
from teams import services
from teams.models import Membership


class ProjectUserPage(Page, OfProject):
    pass


class ProjectUserNew(OfProject):
    """A person by id or e-mail; a project's owner names members of the organization only."""

    role: Text
    user_id: Ident | None = None
    email: Ident | None = None


class OfProjectUser(OfProject):
    user_id: Ident


class ProjectUserUpdate(OfProjectUser):
    role: Text | None = None


class ProjectUser(Response):
    id: str
    object: Literal["organization.project.user"] = "organization.project.user"
    email: str | None = None
    name: str
    role: str
    added_at: int


class ProjectUsers(ByLast):
    data: Sequence[ProjectUser]


class ProjectUserDeleted(Response):
    id: str
    object: Literal["organization.project.user.deleted"] = "organization.project.user.deleted"
    deleted: bool = True


def shown(row: Membership) -> ProjectUser:
    user = row.user
    return ProjectUser(
        id=user.prefixed_id, email=user.email, name=user.name, role=row.role, added_at=stamp(row.created_at)
    )


def list_page(context: Context, body: ProjectUserPage) -> ProjectUsers:
    """All members for who leads the project, else the own row."""
    project = project_of(context, Action.VIEW_PROJECTS, body.project_id)
    inside = MEMBERS.filter(group_id=project.group_id)
    items, more = cut(context, Action.VIEW_MEMBERS, inside, body, named=person)
    return by_last(ProjectUsers, [shown(row) for row in items], more)


def new(context: Context, body: ProjectUserNew) -> ProjectUser:
    project = project_of(context, Action.MANAGE_MEMBERS, body.project_id)
    ident = body.user_id or body.email
    if not ident:
        raise ValidationError({"user_id": "Name a person by user_id or email."})
    role = role_asked(PROJECT, body.role).role
    return shown(services.add_member(context.actor, project, person=ident, email=body.email, role=role))


def info(context: Context, body: OfProjectUser) -> ProjectUser:
    project = project_of(context, Action.VIEW_PROJECTS, body.project_id)
    return shown(member_of(context, project, body.user_id))


def update(context: Context, body: ProjectUserUpdate) -> ProjectUser:
    project = project_of(context, Action.MANAGE_MEMBERS, body.project_id)
    membership = member_of(context, project, body.user_id)
    wanted = role_named(PROJECT, body.role)
    return shown(services.change_member(context.actor, membership, role=wanted.role if wanted else None))


def delete(context: Context, body: OfProjectUser) -> ProjectUserDeleted:
    """Take a person out of the project; the keys that they hold in it end."""
    project = project_of(context, Action.MANAGE_MEMBERS, body.project_id)
    membership = member_of(context, project, body.user_id)
    services.remove_member(context.actor, membership)
    return ProjectUserDeleted(id=membership.user.prefixed_id)


PATH = "/v1/organization/projects/{project_id}/users"
# fmt: off
ROUTES: tuple[Route, ...] = (
    Route(PATH, GET, Do.VIEW_MEMBERS, ProjectUserPage, ProjectUsers, list_page, "error",
          "The members that you may see"),
    Route(PATH, POST, Do.MANAGE_MEMBERS, ProjectUserNew, ProjectUser, new, "error", "Add a person to a project"),
    Route(f"{PATH}/{{user_id}}", GET, Do.VIEW_MEMBERS, OfProjectUser, ProjectUser, info, "error", "A member"),
    Route(f"{PATH}/{{user_id}}", POST, Do.MANAGE_MEMBERS, ProjectUserUpdate, ProjectUser, update, "error",
          "Change a member's role"),
    Route(f"{PATH}/{{user_id}}", DELETE, Do.MANAGE_MEMBERS, OfProjectUser, ProjectUserDeleted, delete, "error",
          "Take a person out of a project"),
)
# fmt: on
