"""/project/member*: each function is one request, one call, one answer."""

from typing import Any

from api.litellm import lists
from api.litellm.memberships.calls import add_members, as_list, echoed, member_of
from api.litellm.memberships.rows import MEMBERS, member_rows
from api.litellm.projects import asks
from api.litellm.projects.calls import find
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams import services


def list_page(actor: Actor, body: asks.ProjectMemberPage) -> dict[str, Any]:
    """All members for who leads the project, else the own row (PRM-01)."""
    project = find(actor, Action.VIEW_PROJECTS, body.project_id)
    inside = MEMBERS.filter(group_id=project.group_id)
    found = policy.numbered(actor, Action.VIEW_MEMBERS, inside, page=body.page, size=body.page_size, order="created_at")
    return lists.numbered(found, "members", member_rows(actor, found.items))


def add(actor: Actor, body: asks.ProjectMembersNew) -> dict[str, Any]:
    project = find(actor, Action.MANAGE_MEMBERS, body.project_id)
    added = add_members(actor, project, people=as_list(body.member))
    _, memberships = echoed(actor, added, as_list(body.member))
    return {"project_id": project.public_id, "updated_project_memberships": memberships}


def update(actor: Actor, body: asks.ProjectMemberUpdate) -> dict[str, Any]:
    project = find(actor, Action.MANAGE_MEMBERS, body.project_id)
    membership = services.change_member(actor, member_of(actor, project, body), role=body.role)
    return member_rows(actor, [membership])[0]


def delete(actor: Actor, body: asks.ProjectMemberNamed) -> dict[str, Any]:
    """The row as it was; the keys that the person held in the project are archived."""
    project = find(actor, Action.MANAGE_MEMBERS, body.project_id)
    membership = member_of(actor, project, body)
    answer = member_rows(actor, [membership])[0]
    services.remove_member(actor, membership)
    return answer
