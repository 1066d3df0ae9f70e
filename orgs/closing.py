"""Deleting scopes: everything beneath goes along, names stay in the archive and the audit log (rulebook 9)."""

from typing import Any

from rbacadmin import audit, lifecycle, policy
from rbacadmin.changes import values_of
from rbacadmin.errors import Conflict
from rbacadmin.policy import Action, Actor
from rbacadmin.service import service

DELETE_ACTIONS = {
    "organization": Action.DELETE_ORGANIZATIONS,
    "project": Action.DELETE_PROJECTS,
    "team": Action.DELETE_TEAMS,
}


@service
def delete_scopes(actor: Actor, *scopes: Any, only_empty: bool = False) -> None:
    """Delete the organizations, projects or teams: all of them, or none when one may not be.

    With `only_empty` an organization that has projects stays. Raises PermissionDenied, and Conflict for that and for
    the initial organization and project (rulebook 6).
    """
    for scope in scopes:
        policy.require(actor, DELETE_ACTIONS[scope.kind], scope)
        if getattr(scope, "is_initial", False) or getattr(scope, "is_default", False):
            raise Conflict(f"The initial {scope.kind} cannot be deleted.", code="initial", obj=scope)
        if only_empty and scope.kind == "organization" and scope.projects.exists():
            raise Conflict("The organization has projects: delete them first.", code="not_empty", obj=scope)
    for scope in scopes:
        close(actor, scope)


def close(actor: Actor, scope: Any) -> None:
    """Archive and delete one scope after everything beneath it."""
    for follow in lifecycle.on_close:
        follow(actor, scope)
    audit.archive(actor, scope, name=scope.alias, snapshot=facts_of(scope))
    audit.record(actor, f"{scope.kind}.deleted", scope, alias=scope.alias)
    scope.delete()


def facts_of(scope: Any) -> dict[str, Any]:
    """What the archive keeps of a scope."""
    return {"public_id": scope.public_id, "created_at": scope.created_at, **values_of(scope)}


def close_projects(actor: Actor, scope: Any) -> None:
    """An organization that closes takes its projects along."""
    if scope.kind == "organization":
        for project in scope.projects.select_for_update().order_by("pk"):
            close(actor, project)
