"""/project/*: each function is one request, one call, one answer."""

from typing import Any

from django.core.exceptions import ValidationError

from api.litellm import lists, translate
from api.litellm.memberships.rows import member_rows, visible_members
from api.litellm.projects import asks
from api.litellm.projects.rows import PROJECTS, project_rows
from api.litellm.scopes import all_named
from api.litellm.teams.rows import TEAMS
from api.litellm.translate import columns
from orgs import services
from orgs.closing import delete_scopes
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.policy import Action, Actor


def find(actor: Actor, action: Action, ident: str) -> Project:
    return policy.find(actor, action, PROJECTS.all(), ident)


def new(actor: Actor, body: asks.ProjectNew) -> dict[str, Any]:
    project = services.create_project(actor, home_of(actor, body), **columns(body, translate.PROJECT))
    return project_rows(actor, [project])[0]


def home_of(actor: Actor, body: asks.ProjectNew) -> Organization:
    """The organization of a new project: the one named, or the named team's. Raises ValidationError without either."""
    home = None
    if body.organization_id:
        home = policy.find(actor, Action.CREATE_PROJECTS, Organization, body.organization_id)
    if body.team_id:
        team = policy.find(actor, Action.CREATE_PROJECTS, TEAMS, body.team_id)
        if team.organization is None or home not in (None, team.organization):
            raise ValidationError({"team_id": "This team is in no organization, or in another one than named."})
        home = team.organization
    if home is None:
        raise ValidationError({"organization_id": "Name an organization, or a team of it."})
    return home


def update(actor: Actor, body: asks.ProjectUpdate) -> dict[str, Any]:
    project = find(actor, Action.CHANGE_PROJECTS, body.project_id)
    changes = columns(body, translate.PROJECT, leave=("project_id",))
    return project_rows(actor, [services.update_project(actor, project, **changes)])[0]


def info(actor: Actor, body: asks.ProjectNamed) -> dict[str, Any]:
    """A project with the members that the caller may see."""
    project = find(actor, Action.VIEW_PROJECTS, body.project_id)
    inside = visible_members(actor, project=project)
    return {**project_rows(actor, [project])[0], "members": member_rows(actor, inside)}


def list_all(actor: Actor, body: asks.ProjectFilter) -> list[dict[str, Any]]:
    found = PROJECTS.all()
    if body.organization_id:
        found = found.filter(organization__in=Organization.rows_named(body.organization_id))
    return project_rows(
        actor, lists.everything(actor, Action.VIEW_PROJECTS, found, paged="/project/list?organization_id")
    )


def delete(actor: Actor, body: asks.ProjectsNamed) -> list[dict[str, Any]]:
    """The projects as they were."""
    found = all_named(actor, Action.DELETE_PROJECTS, Project, "project_ids", body.project_ids)
    answer = project_rows(actor, found)
    delete_scopes(actor, *found)
    return answer
