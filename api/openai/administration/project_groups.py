"""/v1/organization/projects/{project_id}/groups: the teams with which a project is shared."""

from collections.abc import Sequence
from typing import Any, Literal

from api.openai.administration.pages import ByNext, LongPage, by_next, cut, sorted_by, stamp
from api.openai.administration.places import OfProject, project_of, team_of
from api.openai.administration.predefined import PROJECT, role_asked
from api.openai.administration.route import DELETE, GET, POST, Context, Route
from api.types import Ident, Response, Text
from orgs.models import Project
from rbacadmin import policy
from rbacadmin.errors import NotFound
from rbacadmin.policy import Action, grants
from rbacadmin.policy import Action as Do
from rbacadmin.service import refuse
from teams import services
from teams.models import Team


class ProjectGroupPage(LongPage, OfProject):
    pass


class ProjectGroupNew(OfProject):
    group_id: Ident
    role: Text


class OfProjectGroup(OfProject):
    group_id: Ident
    group_type: Literal["group"] = "group"


class ProjectGroup(Response):
    object: Literal["project.group"] = "project.group"
    project_id: str
    group_id: str
    group_name: str
    group_type: Literal["group"] = "group"
    created_at: int


class ProjectGroups(ByNext):
    data: Sequence[ProjectGroup]


class ProjectGroupDeleted(Response):
    object: Literal["project.group.deleted"] = "project.group.deleted"
    deleted: bool = True


def shown(project: Project, team: Team, given: grants.Given) -> ProjectGroup:
    return ProjectGroup(
        project_id=project.prefixed_id, group_id=team.prefixed_id, group_name=team.alias, created_at=stamp(given.since)
    )


def given_to(context: Context, scope: Any, ident: str) -> tuple[Team, grants.Given]:
    """The team of that name, if the scope is shared with it and the actor sees it, and what it holds there."""
    found = Team.objects.filter(Team.named(ident), group_id__in=grants.groups_on(scope))
    team = policy.visible(context.actor, Action.SEE_TEAMS, found).first()
    if team is None:
        raise refuse(context.actor, NotFound("group", ident, action=context.action or "", obj=found.first()))
    return team, grants.given(scope, [team.group_id])[team.group_id]


def list_page(context: Context, body: ProjectGroupPage) -> ProjectGroups:
    """Those of the teams that the actor sees."""
    project = project_of(context, Action.VIEW_PROJECTS, body.project_id)
    inside = Team.objects.filter(group_id__in=grants.groups_on(project))
    items, more = cut(context, Action.SEE_TEAMS, inside, body, order=sorted_by(body))
    held = grants.given(project, [team.group_id for team in items])
    rows = [shown(project, team, held[team.group_id]) for team in items]
    return by_next(ProjectGroups, rows, more, ident="group_id")


def new(context: Context, body: ProjectGroupNew) -> ProjectGroup:
    """Give the members of a team what a role means in the project; what they were given before is replaced."""
    project = project_of(context, Action.MANAGE_MEMBERS, body.project_id)
    team = team_of(context, Action.SEE_TEAMS, body.group_id)
    role = role_asked(PROJECT, body.role)
    return shown(project, team, services.share_scope(context.actor, project, team=team, actions=role.bundle))


def info(context: Context, body: OfProjectGroup) -> ProjectGroup:
    project = project_of(context, Action.VIEW_PROJECTS, body.project_id)
    return shown(project, *given_to(context, project, body.group_id))


def delete(context: Context, body: OfProjectGroup) -> ProjectGroupDeleted:
    project = project_of(context, Action.MANAGE_MEMBERS, body.project_id)
    services.unshare_scope(context.actor, project, team=given_to(context, project, body.group_id)[0])
    return ProjectGroupDeleted()


PATH = "/v1/organization/projects/{project_id}/groups"
# fmt: off
ROUTES: tuple[Route, ...] = (
    Route(PATH, GET, Do.SEE_TEAMS, ProjectGroupPage, ProjectGroups, list_page, "error",
          "The teams that you may see with which a project is shared"),
    Route(PATH, POST, Do.MANAGE_MEMBERS, ProjectGroupNew, ProjectGroup, new, "error", "Share a project with a team"),
    Route(f"{PATH}/{{group_id}}", GET, Do.SEE_TEAMS, OfProjectGroup, ProjectGroup, info, "error",
          "A team with which a project is shared"),
    Route(f"{PATH}/{{group_id}}", DELETE, Do.MANAGE_MEMBERS, OfProjectGroup, ProjectGroupDeleted, delete, "error",
          "Share a project with a team no longer"),
)
# fmt: on
