"""/project/*: each function is one request, one call, one answer."""

from collections.abc import Sequence
from typing import Any

from api.litellm import compound, lists, people_rows, translate
from api.litellm import project_models as ask
from api.litellm.closing import all_named
from api.litellm.members import MEMBERS, member_of
from api.litellm.organizations import as_list, echoed
from api.litellm.shown import BLOCKED, RECORD, readable, shown, spends
from api.litellm.translate import columns, limits_of, record_of
from orgs import services
from orgs.closing import delete_scopes
from orgs.models import Organization, Project
from rbacadmin import money, policy
from rbacadmin.policy import Action, Actor
from teams import services as people

PROJECTS = Project.objects.select_related("organization")
NAMES = {**translate.PROJECT, **RECORD, **BLOCKED, "organization_id": "organization_id"}


def rows(actor: Actor, projects: Sequence[Project]) -> list[dict[str, Any]]:
    """Projects, cut down to what the caller may read. Needs `select_related("organization")`."""
    allowed, spent = readable(actor, projects), spends(projects)
    found = []
    for row in projects:
        whole = {
            "project_id": row.public_id,
            "title": row.alias,
            "organization_id": row.organization.public_id,
            **limits_of(row),
            "spend": money.to_number(spent.get(row.pk, 0)),
            "blocked": row.blocked,
            **record_of(row),
        }
        found.append(shown(whole, NAMES, allowed[row.pk]))
    return found


def find(actor: Actor, action: Action, ident: str) -> Project:
    return policy.find(actor, action, PROJECTS.all(), ident)


def new(actor: Actor, body: ask.ProjectNew) -> dict[str, Any]:
    organization = policy.find(actor, Action.CREATE_PROJECTS, Organization, body.organization_id)
    return rows(actor, [services.create_project(actor, organization, **columns(body, translate.PROJECT))])[0]


def update(actor: Actor, body: ask.ProjectUpdate) -> dict[str, Any]:
    project = find(actor, Action.CHANGE_PROJECTS, body.project_id)
    changes = columns(body, translate.PROJECT, leave=("project_id",))
    return rows(actor, [services.update_project(actor, project, **changes)])[0]


def info(actor: Actor, body: ask.ProjectNamed) -> dict[str, Any]:
    """A project with the members that the caller may see."""
    project = find(actor, Action.VIEW_PROJECTS, body.project_id)
    inside = people_rows.visible_members(actor, project=project)
    return {**rows(actor, [project])[0], "members": people_rows.member_rows(actor, inside)}


def list_all(actor: Actor, body: ask.ProjectFilter) -> list[dict[str, Any]]:
    found = PROJECTS.all()
    if body.organization_id:
        found = found.filter(organization__in=Organization.objects.filter(Organization.named(body.organization_id)))
    return rows(actor, lists.everything(actor, Action.VIEW_PROJECTS, found, paged="/project/list?organization_id"))


def delete(actor: Actor, body: ask.ProjectsNamed) -> list[dict[str, Any]]:
    """The projects as they were."""
    found = all_named(actor, Action.DELETE_PROJECTS, Project, "project_ids", body.project_ids)
    answer = rows(actor, found)
    delete_scopes(actor, *found)
    return answer


def members(actor: Actor, body: ask.ProjectMemberPage) -> dict[str, Any]:
    """All members for who leads the project, else the own row (PRM-01)."""
    project = find(actor, Action.VIEW_PROJECTS, body.project_id)
    inside = MEMBERS.filter(group_id=project.group_id)
    found = policy.numbered(actor, Action.VIEW_MEMBERS, inside, page=body.page, size=body.page_size, order="created_at")
    return lists.numbered(found, "members", people_rows.member_rows(actor, found.items))


def member_add(actor: Actor, body: ask.ProjectMembersNew) -> dict[str, Any]:
    project = find(actor, Action.MANAGE_MEMBERS, body.project_id)
    added = compound.add_members(actor, project, people=as_list(body.member))
    _, memberships = echoed(actor, added, as_list(body.member))
    return {"project_id": project.public_id, "updated_project_memberships": memberships}


def member_update(actor: Actor, body: ask.ProjectMemberUpdate) -> dict[str, Any]:
    project = find(actor, Action.MANAGE_MEMBERS, body.project_id)
    membership = people.change_member(actor, member_of(actor, project, body), role=body.role)
    return people_rows.member_rows(actor, [membership])[0]


def member_delete(actor: Actor, body: ask.ProjectMemberNamed) -> dict[str, Any]:
    """The row as it was; the keys that the person held in the project are archived."""
    project = find(actor, Action.MANAGE_MEMBERS, body.project_id)
    membership = member_of(actor, project, body)
    answer = people_rows.member_rows(actor, [membership])[0]
    people.remove_member(actor, membership)
    return answer
