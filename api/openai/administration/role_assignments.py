"""The roles that members of the organization and of its projects are given: each has one, so giving one replaces it."""

from collections.abc import Sequence
from typing import Any, Literal

from api.openai.administration import users
from api.openai.administration.pages import ByNext, LongPage, stamp
from api.openai.administration.places import MEMBERS, OfProject, member_of, project_of
from api.openai.administration.predefined import WORDS, of_kind, role_asked
from api.openai.administration.roles import IN_ORGANIZATION, IN_PROJECT, OfRole, Role, RoleFacts, facts, listed, shown
from api.openai.administration.route import DELETE, GET, POST, Context, Route
from api.types import Ident, Response
from rbacadmin import policy
from rbacadmin.errors import NotFound
from rbacadmin.policy import Action
from rbacadmin.policy import Action as Do
from teams import services
from teams.models import Membership


class UserRolePage(LongPage):
    user_id: Ident


class OfUserRole(OfRole):
    user_id: Ident


class ProjectUserRolePage(UserRolePage, OfProject):
    pass


class OfProjectUserRole(OfUserRole, OfProject):
    pass


class AssignmentSource(Response):
    principal_id: str
    principal_type: Literal["user", "group"]


class Assignment(RoleFacts):
    created_at: int | None = None
    created_by: str | None = None
    assignment_sources: Sequence[AssignmentSource] | None = None


class Assignments(ByNext):
    data: Sequence[Assignment]


class UserRole(Response):
    object: Literal["user.role"] = "user.role"
    role: Role
    user: users.UserShown


class UserRoleDeleted(Response):
    object: Literal["user.role.deleted"] = "user.role.deleted"
    deleted: bool = True


def membership_of(context: Context, body: Any, action: Action) -> Membership:
    """The membership that the path of an assignment is about: in the project named, else in the organization."""
    ident = getattr(body, "project_id", None)
    scope = project_of(context, action, ident) if ident else None
    return member_of(context, scope, body.user_id)


def held(membership: Membership) -> Assignment:
    """The one role that a member has."""
    source = AssignmentSource(principal_id=membership.user.prefixed_id, principal_type="user")
    return Assignment(
        **facts(WORDS[membership.scope_key[0], membership.role]),
        created_at=stamp(membership.created_at),
        created_by=membership.created_by or None,
        assignment_sources=[source],
    )


def list_held(context: Context, body: Any) -> Assignments:
    membership = membership_of(context, body, Action.VIEW_PROJECTS)
    found: Assignments = listed(Assignments, [held(membership)], body)
    return found


def info_held(context: Context, body: Any) -> Assignment:
    found = held(membership_of(context, body, Action.VIEW_PROJECTS))
    if found.id != body.role_id:
        raise NotFound("role", body.role_id)
    return found


def assign(context: Context, body: Any) -> UserRole:
    """Give a member a role, in the place of the one that they have: here everybody has one."""
    membership = membership_of(context, body, Action.MANAGE_MEMBERS)
    role = role_asked(membership.scope_key[0], body.role_id)
    if WORDS[role.kind, membership.role] != role:
        services.change_member(context.actor, membership, role=role.role)
    home = MEMBERS.filter(user=membership.user, group_id=context.organization.group_id)
    seen = policy.visible(context.actor, Action.VIEW_MEMBERS, home).first()  # a project's owner sees the project's row
    return UserRole(role=shown(role), user=users.shown(context, [seen or membership])[0])


def unassign(context: Context, body: Any) -> UserRoleDeleted:
    """Take a role away: a leader becomes a plain member. Who has no more than that stays, or leaves by `users`."""
    membership = membership_of(context, body, Action.MANAGE_MEMBERS)
    kind = membership.scope_key[0]
    if WORDS[kind, membership.role].id != body.role_id:
        raise NotFound("role", body.role_id)
    services.change_member(context.actor, membership, role=of_kind(kind)[-1].role)
    return UserRoleDeleted()


HELD, HELD_IN_PROJECT = f"{IN_ORGANIZATION}/users/{{user_id}}/roles", f"{IN_PROJECT}/users/{{user_id}}/roles"
# fmt: off
ROUTES: tuple[Route, ...] = (
    *(route for path, page, one in (
        (HELD, UserRolePage, OfUserRole), (HELD_IN_PROJECT, ProjectUserRolePage, OfProjectUserRole),
    ) for route in (
        Route(path, GET, Do.VIEW_MEMBERS, page, Assignments, list_held, "error", "The roles of a member"),
        Route(path, POST, Do.MANAGE_MEMBERS, one, UserRole, assign, "error", "Give a member a role"),
        Route(f"{path}/{{role_id}}", GET, Do.VIEW_MEMBERS, one, Assignment, info_held, "error", "A member's role"),
        Route(f"{path}/{{role_id}}", DELETE, Do.MANAGE_MEMBERS, one, UserRoleDeleted, unassign, "error",
              "Take a role away: a leader becomes a plain member"),
    )),
)
# fmt: on
