"""/v1/organization/roles and /v1/projects/{project_id}/roles: the predefined roles, and who is given which."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal, Protocol, TypeVar

from api.openai.administration.pages import ByNext, LongPage, by_next
from api.openai.administration.places import OfProject, project_of
from api.openai.administration.predefined import ORGANIZATION, PROJECT, Predefined, of_kind
from api.openai.administration.route import GET, Context, Route
from api.types import Ident, Request, Response
from rbacadmin.errors import NotFound
from rbacadmin.policy import Action
from rbacadmin.policy import Action as Do


class OfRole(Request):
    role_id: Ident


class ProjectRolePage(LongPage, OfProject):
    pass


class OfProjectRole(OfRole, OfProject):
    pass


class RoleFacts(Response):
    id: str
    name: str
    description: str | None = None
    permissions: Sequence[str]
    predefined_role: bool = True
    resource_type: Literal["api.organization", "api.project"]


class Role(RoleFacts):
    object: Literal["role"] = "role"


class Roles(ByNext):
    data: Sequence[Role]


def facts(role: Predefined) -> dict[str, Any]:
    return {
        "id": role.id,
        "name": role.word,
        "permissions": role.permissions,
        "resource_type": f"api.{role.kind}",
    }


def shown(role: Predefined) -> Role:
    return Role(**facts(role))


class HasId(Protocol):
    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=ByNext)
R = TypeVar("R", bound=HasId)


def listed(cls: type[N], rows: Sequence[HasId], body: LongPage) -> N:
    """A page of a list that is short enough to stand in memory."""
    if body.order == "desc":
        rows = rows[::-1]
    ids = [row.id for row in rows]
    start = ids.index(body.after) + 1 if body.after in ids else 0
    return by_next(cls, rows[start : start + body.limit], len(rows) > start + body.limit)


def one_of(roles: Iterable[R], ident: str) -> R:
    """The role of this id. Raises NotFound."""
    for role in roles:
        if role.id == ident:
            return role
    raise NotFound("role", ident)


def list_page(context: Context, body: LongPage) -> Roles:
    return listed(Roles, [shown(role) for role in of_kind(ORGANIZATION)], body)


def list_of_project(context: Context, body: ProjectRolePage) -> Roles:
    project_of(context, Action.VIEW_PROJECTS, body.project_id)
    return listed(Roles, [shown(role) for role in of_kind(PROJECT)], body)


def info(context: Context, body: OfRole) -> Role:
    return shown(one_of(of_kind(ORGANIZATION), body.role_id))


def info_of_project(context: Context, body: OfProjectRole) -> Role:
    project_of(context, Action.VIEW_PROJECTS, body.project_id)
    return shown(one_of(of_kind(PROJECT), body.role_id))


IN_ORGANIZATION, IN_PROJECT = "/v1/organization", "/v1/projects/{project_id}"
# fmt: off
ROUTES: tuple[Route, ...] = (
    Route(f"{IN_ORGANIZATION}/roles", GET, Do.SEE_ORGANIZATIONS, LongPage, Roles, list_page, "error", "The roles"),
    Route(f"{IN_ORGANIZATION}/roles/{{role_id}}", GET, Do.SEE_ORGANIZATIONS, OfRole, Role, info, "error", "A role"),
    Route(f"{IN_PROJECT}/roles", GET, Do.VIEW_PROJECTS, ProjectRolePage, Roles, list_of_project, "error",
          "The roles in a project"),
    Route(f"{IN_PROJECT}/roles/{{role_id}}", GET, Do.VIEW_PROJECTS, OfProjectRole, Role, info_of_project, "error",
          "A role in a project"),
)
# fmt: on
