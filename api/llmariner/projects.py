"""/v1/organizations/{organization_id}/projects: each function is one request, one call, one answer."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet

from api.lists import everything
from api.llmariner import asks, organizations
from api.llmariner.words import masked_fields, seconds
from orgs import services
from orgs.assignments import is_dns_label
from orgs.closing import delete_scopes
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams.models import Membership

PROJECTS = Project.objects.select_related("organization")
MASK = ("title", "assignments")
PAGED = "/project/list?organization_id"


def inside(organization_id: str) -> QuerySet[Project]:
    """The projects of the organization that this names."""
    return PROJECTS.filter(organization__in=Organization.rows_named(organization_id))


def find(actor: Actor, action: Action, body: Any) -> Project:
    """The project that the path names, in the organization that it names."""
    return policy.find(actor, action, inside(body.organization_id), getattr(body, "project_id", "") or body.id)


def create(actor: Actor, body: asks.CreateProjectRequest) -> dict[str, Any]:
    """Nobody is added who is not named (rulebook 6): who leads the organization manages it anyway."""
    organization = organizations.find(actor, Action.CREATE_PROJECTS, body)
    if bool(body.kubernetes_namespace) == bool(body.assignments):
        raise ValidationError({"kubernetes_namespace": "Name a namespace or assignments: the one or the other."})
    places = body.assignments or [asks.ProjectAssignment(namespace=body.kubernetes_namespace)]
    values = placed(places) | ({"kubernetes_namespace": body.kubernetes_namespace} if not body.assignments else {})
    return rows([services.create_project(actor, organization, alias=body.title, **values)])[0]


def placed(assignments: Sequence[asks.ProjectAssignment]) -> dict[str, Any]:
    """The columns: the assignments, and the namespace of the first that names no cluster.

    One that is no label is refused as an assignment, which the caller named, and not as what follows from it.
    """
    stored = [entry.model_dump(exclude_defaults=True) for entry in assignments]
    everywhere = (entry.namespace for entry in assignments if not entry.cluster_id)
    return {"assignments": stored, "kubernetes_namespace": next(filter(is_dns_label, everywhere), "")}


def list_all(actor: Actor, body: asks.ListProjectsRequest) -> dict[str, Any]:
    """The projects of an organization that the caller may see; none for a reader who is in none."""
    found = everything(actor, Action.VIEW_PROJECTS, inside(body.organization_id), paged=PAGED)
    if not found:
        organizations.find(actor, Action.SEE_ORGANIZATIONS, body)
    shown = rows(found)
    if body.include_summary:
        counts = people(actor, found)
        shown = [
            {**row, "summary": {"user_count": counts.get(one.pk, 0)}} for row, one in zip(shown, found, strict=True)
        ]
    return {"projects": shown}


def people(actor: Actor, projects: Sequence[Project]) -> dict[Any, int]:
    """By project: how many members the caller sees."""
    members = policy.visible(actor, Action.VIEW_MEMBERS, Membership.objects.filter(project__in=projects))
    return dict(members.order_by().values_list("project").annotate(Count("pk")))


def update(actor: Actor, body: asks.UpdateProjectRequest) -> dict[str, Any]:
    """What the mask names, and nothing else; a field that it names and the body lacks is cleared."""
    project = find(actor, Action.CHANGE_PROJECTS, body)
    changes: dict[str, Any] = {}
    for field in masked_fields(body.update_mask, MASK):
        changes |= placed(body.project.assignments) if field == "assignments" else {"alias": body.project.title}
    return rows([services.update_project(actor, project, **changes)])[0]


def delete(actor: Actor, body: asks.ProjectNamed) -> dict[str, Any]:
    """With its members and keys."""
    delete_scopes(actor, find(actor, Action.DELETE_PROJECTS, body))
    return {"id": body.id, "object": "project", "deleted": True}


EMPTY = {"cluster_id": "", "kueue_queue_name": "", "node_selector": []}


def rows(projects: Sequence[Project]) -> list[dict[str, Any]]:
    """Projects. Who may see one may read all of this."""
    found = []
    for one in projects:
        namespace = one.kubernetes_namespace
        assignments = [{**EMPTY, **entry} for entry in one.assignments]
        everywhere = (entry["namespace"] for entry in assignments if not entry["cluster_id"])
        found.append(
            {
                "id": one.prefixed_id,
                "title": one.alias,
                "assignments": assignments or ([{**EMPTY, "namespace": namespace}] if namespace else []),
                "kubernetes_namespace": namespace or next(everywhere, ""),
                "organization_id": one.organization.prefixed_id,
                "created_at": seconds(one.created_at),
                "is_default": one.is_default,
            }
        )
    return found
