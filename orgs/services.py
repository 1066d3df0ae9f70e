"""The verbs of organizations and projects."""

from typing import Any

from orgs.models import Organization, Project
from rbacadmin import audit, lifecycle, policy
from rbacadmin.changes import check_limits, parent, revise
from rbacadmin.errors import Duplicate
from rbacadmin.models import Scope, fold
from rbacadmin.policy import Action, Actor
from rbacadmin.service import service


def require_free_alias(scope: Scope, alias: str, **within: Any) -> None:
    """Raise Duplicate when another scope of the kind has this name there, whatever the case (rulebook 21)."""
    others = type(scope)._default_manager.filter(alias_key=fold(alias), **within).exclude(pk=scope.pk)
    if others.exists():
        raise Duplicate("alias", f"There is a {scope._meta.verbose_name} named '{alias}' already.")


def require_free_id(scope: Scope, public_id: str | None) -> None:
    """Raise Duplicate when a chosen id is taken."""
    if public_id and type(scope)._default_manager.filter(type(scope).named(public_id)).exists():
        raise Duplicate("public_id", f"There is a {scope._meta.verbose_name} with the id '{public_id}' already.")


@service
def create_organization(actor: Actor, *, alias: str, public_id: str | None = None, **values: Any) -> Organization:
    """A new organization. An owner of the initial organization who creates one becomes its admin (rulebook 6).

    `values` are limit columns, `metadata` and `tags`. Raises PermissionDenied, Duplicate, ValidationError.
    """
    policy.require(actor, Action.CREATE_ORGANIZATIONS)
    organization = Organization(
        alias=alias, public_id=public_id or "", created_by=actor.label, updated_by=actor.label, **values
    )
    require_free_alias(organization, alias)
    require_free_id(organization, public_id)
    return open_scope(actor, organization)


def open_scope(actor: Actor, scope: Any, parents: Any = ()) -> Any:
    """Check and save a new scope, record it, and let upper apps furnish it."""
    check_limits(scope, parents)
    scope.full_clean(exclude=["group", "alias_key"], validate_unique=False, validate_constraints=False)
    scope.save()
    audit.record(actor, f"{scope.kind}.created", scope, alias=scope.alias)
    for furnish in lifecycle.on_open:
        furnish(actor, scope)
    return scope


@service
def update_organization(actor: Actor, organization: Organization, **changes: Any) -> Organization:
    """Change the fields given; the policy's field table says who may change which (ORG-04 to ORG-07)."""
    if "alias" in changes:
        require_free_alias(organization, changes["alias"])
    revise(actor, organization, changes, event="organization.updated")
    return organization


@service
def create_project(
    actor: Actor, organization: Organization, *, alias: str, public_id: str | None = None, **values: Any
) -> Project:
    """A new project in the organization. Adds nobody who is not named (rulebook 6).

    An id can be chosen by platform admins only: it is unique across organizations, and telling others that one is
    taken would tell them of a project they cannot see. Raises PermissionDenied, Duplicate, ValidationError.
    """
    policy.require(actor, Action.CREATE_PROJECTS, organization)
    if public_id:
        policy.require(actor, Action.CREATE_PROJECTS)
    project = Project(
        organization=organization,
        alias=alias,
        public_id=public_id or "",
        created_by=actor.label,
        updated_by=actor.label,
        **values,
    )
    require_free_alias(project, alias, organization=organization)
    require_free_id(project, public_id)
    return open_scope(actor, project, parent(organization))


@service
def update_project(actor: Actor, project: Project, **changes: Any) -> Project:
    """Change the fields given (PRJ-04, PRJ-05, PRJ-07)."""
    if "alias" in changes:
        require_free_alias(project, changes["alias"], organization=project.organization)
    revise(actor, project, changes, event="project.updated", parents=parent(project.organization))
    return project
