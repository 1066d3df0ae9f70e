"""The organization and project in which a request stands (rulebook 18)."""

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from api.llmariner.asks import CreateAPIKeyRequest, InContext
from api.llmariner.projects import PROJECTS, inside
from orgs.models import Project
from rbacadmin import policy
from rbacadmin.policy import Action, Actor

NAMED = 20  # projects that a refusal lists


def project_for(actor: Actor, action: Action, body: CreateAPIKeyRequest) -> Project:
    """The project named, else the key's own, else the header's, else the only one.

    Raises NotFound, PermissionDenied, and ValidationError naming the projects to choose from.
    """
    if body.project_id:
        return policy.find(actor, action, within(body.organization_id), body.project_id)
    if actor.key is not None and actor.key.project_id:
        return policy.find(actor, action, PROJECTS, actor.key.project_id)
    around = within(body.organization_id or body.openai_organization)
    if body.openai_project:
        return policy.find(actor, action, around, body.openai_project)
    found = list(policy.visible(actor, action, around).order_by("created_at", "pk")[: NAMED + 1])
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"{one.alias} ({one.prefixed_id})" for one in found[:NAMED]) or "you have none"
    raise ValidationError({"project_id": f"Name a project, or choose one with the header Openai-Project: {names}."})


def within(organization_id: str) -> QuerySet[Project]:
    return inside(organization_id) if organization_id else PROJECTS


def chosen(body: InContext) -> QuerySet[Project] | None:
    """The projects to which the headers narrow a list; None when they say nothing."""
    if body.openai_project:
        return within(body.openai_organization).filter(Project.named(body.openai_project))
    return inside(body.openai_organization) if body.openai_organization else None
