"""The roles that teams are given in the organization and its projects: what each means is shared with their members."""

from typing import Any, Literal

from api.openai.administration import groups
from api.openai.administration.pages import LongPage
from api.openai.administration.places import OfProject, team_of
from api.openai.administration.predefined import role_asked, role_held
from api.openai.administration.project_groups import given_to
from api.openai.administration.role_assignments import Assignment, Assignments, by_group, scope_of
from api.openai.administration.roles import IN_ORGANIZATION, IN_PROJECT, OfRole, Role, listed, one_of, shown
from api.openai.administration.route import DELETE, GET, POST, Context, Route
from api.types import Ident, Response
from rbacadmin.errors import NotFound
from rbacadmin.policy import Action, grants
from rbacadmin.policy import Action as Do
from teams import services


class GroupRolePage(LongPage):
    group_id: Ident


class OfGroupRole(OfRole):
    group_id: Ident


class ProjectGroupRolePage(GroupRolePage, OfProject):
    pass


class OfProjectGroupRole(OfGroupRole, OfProject):
    pass


class GroupSummary(Response):
    object: Literal["group"] = "group"
    id: str
    name: str
    created_at: int
    scim_managed: bool = False


class GroupRole(Response):
    object: Literal["group.role"] = "group.role"
    role: Role
    group: GroupSummary


class GroupRoleDeleted(Response):
    object: Literal["group.role.deleted"] = "group.role.deleted"
    deleted: bool = True


def held(context: Context, body: Any) -> list[Assignment]:
    """The one role that a team has, if any."""
    scope = scope_of(context, body, Action.VIEW_PROJECTS)
    team = team_of(context, Action.SEE_TEAMS, body.group_id)
    given = grants.given(scope, [team.group_id]).get(team.group_id) if team.group_id != scope.group_id else None
    role = role_held(scope.kind, given)
    return [by_group(team, role, given)] if role is not None and given is not None else []


def list_held(context: Context, body: Any) -> Assignments:
    return listed(Assignments, held(context, body), body)


def info_held(context: Context, body: Any) -> Assignment:
    return one_of(held(context, body), body.role_id)


def assign(context: Context, body: Any) -> GroupRole:
    """Share what the role means; what the team was given before is replaced."""
    scope = scope_of(context, body, Action.MANAGE_MEMBERS)
    team = team_of(context, Action.SEE_TEAMS, body.group_id)
    role = role_asked(scope.kind, body.role_id)
    services.share_scope(context.actor, scope, team=team, actions=role.bundle)
    return GroupRole(role=shown(role), group=GroupSummary(**groups.facts(team)))


def unassign(context: Context, body: Any) -> GroupRoleDeleted:
    """Take the role away, and with it all that was shared: a team without a role is not in the project."""
    scope = scope_of(context, body, Action.MANAGE_MEMBERS)
    team, given = given_to(context, scope, body.group_id)
    role = role_held(scope.kind, given)
    if role is None or role.id != body.role_id:
        raise NotFound("role", body.role_id)
    services.unshare_scope(context.actor, scope, team=team)
    return GroupRoleDeleted()


HELD, HELD_IN_PROJECT = f"{IN_ORGANIZATION}/groups/{{group_id}}/roles", f"{IN_PROJECT}/groups/{{group_id}}/roles"
# fmt: off
ROUTES: tuple[Route, ...] = (
    *(route for path, page, one in (
        (HELD, GroupRolePage, OfGroupRole), (HELD_IN_PROJECT, ProjectGroupRolePage, OfProjectGroupRole),
    ) for route in (
        Route(path, GET, Do.SEE_TEAMS, page, Assignments, list_held, "error", "The roles of a team"),
        Route(path, POST, Do.MANAGE_MEMBERS, one, GroupRole, assign, "error", "Give the members of a team a role"),
        Route(f"{path}/{{role_id}}", GET, Do.SEE_TEAMS, one, Assignment, info_held, "error", "A role of a team"),
        Route(f"{path}/{{role_id}}", DELETE, Do.MANAGE_MEMBERS, one, GroupRoleDeleted, unassign, "error",
              "Take a role, and what was shared, from a team"),
    )),
)
# fmt: on
