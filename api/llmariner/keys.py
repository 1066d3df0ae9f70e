"""/v1/api_keys, and the same of one project: each function is one request, one call, one answer."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from api.lists import everything
from api.llmariner import asks, context, projects
from api.llmariner.key_rows import KEYS, rows
from api.llmariner.words import masked_fields, word_of
from keys import services
from keys.models import Key
from orgs.models import Project
from rbacadmin import policy
from rbacadmin.policy import Action, Actor

MASK = ("name", "excluded_from_rate_limiting")
PAGED = "/key/list"


def create(actor: Actor, body: asks.CreateAPIKeyRequest) -> dict[str, Any]:
    """In the project named, or in that of the context."""
    return made(actor, context.project_for(actor, minting(body), body), body)


def create_in_project(actor: Actor, body: asks.CreateProjectAPIKeyRequest) -> dict[str, Any]:
    return made(actor, projects.find(actor, minting(body), body), body)


def minting(body: asks.APIKeyFields) -> Action:
    return Action.CREATE_SERVICE_KEYS if body.is_service_account else Action.CREATE_KEYS


def made(actor: Actor, project: Project, body: asks.APIKeyFields) -> dict[str, Any]:
    """The new key, with its secret this once."""
    values: dict[str, Any] = {"alias": body.name, "excluded_from_rate_limiting": body.excluded_from_rate_limiting}
    if body.is_service_account:
        require_reader(body.role)
        key, secret = services.generate_service_key(actor, project=project, **values)
    elif body.role:
        raise ValidationError({"role": "Only a service account has a role of its own; others have their owner's."})
    else:
        key, secret = services.generate_key(actor, owner=actor.user, project=project, **values)
    return {**rows(actor, [key])[0], "secret": secret}


def require_reader(role: str | None) -> None:
    """Raise ValidationError for a role that a service account never has, instead of promising it (rulebook 16)."""
    if role and word_of("organization", role) != "reader":
        text = "Service accounts call models and manage nothing. Accepted: ORGANIZATION_ROLE_READER."
        raise ValidationError({"role": text})


def list_all(actor: Actor, body: asks.InContext) -> dict[str, Any]:
    """The keys that the caller may see; in the context only, when there is one."""
    around = context.chosen(body)
    return listed(actor, KEYS if around is None else KEYS.filter(project__in=around))


def list_of_project(actor: Actor, body: asks.ProjectUsersNamed) -> dict[str, Any]:
    return listed(actor, KEYS.filter(project=projects.find(actor, Action.VIEW_PROJECTS, body)))


def listed(actor: Actor, found: QuerySet[Key]) -> dict[str, Any]:
    return {"object": "list", "data": rows(actor, everything(actor, Action.VIEW_KEYS, found, paged=PAGED))}


def update(actor: Actor, body: asks.UpdateAPIKeyRequest) -> dict[str, Any]:
    """What the mask names, and nothing else."""
    key = policy.find(actor, Action.UPDATE_KEYS, KEYS, body.id)
    fields = masked_fields(body.update_mask, MASK)
    if "name" in fields and not body.api_key.name:
        raise ValidationError({"name": "A key needs a name here."})
    changes = {field: getattr(body.api_key, field) for field in fields}
    if "name" in changes:
        changes["alias"] = changes.pop("name")
    return rows(actor, [services.update_key(actor, key, **changes)])[0]


def delete(actor: Actor, body: asks.APIKeyNamed) -> dict[str, Any]:
    """A service account goes with its last key."""
    return deleted(actor, KEYS, body.id)


def delete_of_project(actor: Actor, body: asks.ProjectAPIKeyNamed) -> dict[str, Any]:
    around = projects.inside(body.organization_id).filter(Project.named(body.project_id))
    return deleted(actor, KEYS.filter(project__in=around), body.id)


def deleted(actor: Actor, found: QuerySet[Key], ident: str) -> dict[str, Any]:
    services.delete_keys(actor, policy.find(actor, Action.DELETE_KEYS, found, ident))
    return {"id": ident, "object": "users.api_key", "deleted": True}
