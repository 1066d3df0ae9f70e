"""The roles that members of the organization and of its projects are given: each has one, so giving one replaces it."""

from collections.abc import Sequence
from typing import Any, Literal

from api.openai.administration import users
from api.openai.administration.pages import ByNext, LongPage, stamp
from api.openai.administration.places import MEMBERS, OfProject, member_of, project_of, seen_member
from api.openai.administration.predefined import WORDS, Predefined, of_kind, role_asked, role_held
from api.openai.administration.roles import (
    IN_ORGANIZATION,
    IN_PROJECT,
    OfRole,
    Role,
    RoleFacts,
    facts,
    listed,
    one_of,
    shown,
)
from api.openai.administration.route import DELETE, GET, POST, Context, Route
from api.types import Ident, Response
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.errors import NotFound
from rbacadmin.policy import Action, grants
from rbacadmin.policy import Action as Do
from rbacadmin.policy.actor import unexpired
from teams import services
from teams.models import Membership, Team, User


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


def scope_of(context: Context, body: Any, action: Action) -> Project | Organization:
    """The project that the path of an assignment names, else the organization."""
    ident = getattr(body, "project_id", None)
    return project_of(context, action, ident) if ident else context.organization


def membership_of(context: Context, body: Any, action: Action) -> Membership:
    """The membership that the path of an assignment is about."""
    return member_of(context, scope_of(context, body, action), body.user_id)


def held(membership: Membership) -> Assignment:
    """The one role that a member has."""
    source = AssignmentSource(principal_id=membership.user.prefixed_id, principal_type="user")
    return Assignment(
        **facts(WORDS[membership.scope_key[0], membership.role]),
        created_at=stamp(membership.created_at),
        created_by=membership.created_by or None,
        assignment_sources=[source],
    )


def roles_of(context: Context, body: Any) -> list[Assignment]:
    """The role that a person has as a member, and those that their groups have there, each once with its sources.

    Raises NotFound for who has none: no member, and in no group that the project is shared with.
    """
    scope = scope_of(context, body, Action.VIEW_PROJECTS)
    membership = seen_member(context, scope, body.user_id)
    known = membership or seen_member(context, None, body.user_id)
    own = [held(membership)] if membership else []
    shared = inherited(context, scope, known.user) if known else []
    found: dict[str, Assignment] = {}
    for one in [*own, *shared]:
        first = found.setdefault(one.id, one)
        if first is not one:
            first.assignment_sources = [*(first.assignment_sources or ()), *(one.assignment_sources or ())]
    if not found:
        raise NotFound("user", body.user_id)
    return list(found.values())


def by_group(team: Team, role: Predefined, given: grants.Given) -> Assignment:
    """The role that the members of a team have because it was given to the team."""
    source = AssignmentSource(principal_id=team.prefixed_id, principal_type="group")
    return Assignment(
        **facts(role), created_at=stamp(given.since), created_by=given.by or None, assignment_sources=[source]
    )


def inherited(context: Context, scope: Project | Organization, person: User) -> list[Assignment]:
    """What the person has because a group of theirs has it, as far as the actor sees that they are in the group."""
    inside = MEMBERS.filter(unexpired(), user=person, team__organization=context.organization, project=None)
    seen = policy.visible(context.actor, Action.VIEW_MEMBERS, inside).order_by("created_at", "pk")
    teams = {row.group_id: row.team for row in seen if row.team is not None}
    found = []
    for group, given in grants.given(scope, teams).items():
        if role := role_held(scope.kind, given):
            found.append(by_group(teams[group], role, given))
    return found


def list_held(context: Context, body: Any) -> Assignments:
    return listed(Assignments, roles_of(context, body), body)


def info_held(context: Context, body: Any) -> Assignment:
    return one_of(roles_of(context, body), body.role_id)


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
