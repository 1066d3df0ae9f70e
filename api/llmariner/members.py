"""The people of organizations and projects: each function is one request, one call, one answer."""

from collections.abc import Sequence
from typing import Any

from api.lists import everything
from api.llmariner import asks, organizations, projects
from api.llmariner.words import enum_of, word_of
from api.memberships import MEMBERS, membership_of
from orgs.models import Organization, Project
from rbacadmin.policy import Action, Actor
from teams import services
from teams.models import Membership

PAGED = {"organization": "/organization/members", "project": "/project/members"}


def list_of_organization(actor: Actor, body: asks.OrganizationUsersNamed) -> dict[str, Any]:
    """All members, for who may see them all; a reader may not."""
    organization = organizations.find(actor, Action.VIEW_MEMBERS, body)
    return {"users": rows(organization, members(actor, organization))}


def add_to_organization(actor: Actor, body: asks.CreateOrganizationUserRequest) -> dict[str, Any]:
    organization = organizations.find(actor, Action.MANAGE_MEMBERS, body)
    return added(actor, organization, body)


def remove_from_organization(actor: Actor, body: asks.OrganizationUserNamed) -> dict[str, Any]:
    """Their projects and the keys that they held there go along."""
    organization = organizations.find(actor, Action.MANAGE_MEMBERS, body)
    services.remove_member(actor, membership_of(actor, organization, body.user_id))
    return {}


def list_of_project(actor: Actor, body: asks.ProjectUsersNamed) -> dict[str, Any]:
    """All members for who leads the project, else the caller."""
    project = projects.find(actor, Action.VIEW_PROJECTS, body)
    return {"users": rows(project, members(actor, project))}


def add_to_project(actor: Actor, body: asks.CreateProjectUserRequest) -> dict[str, Any]:
    return added(actor, projects.find(actor, Action.MANAGE_MEMBERS, body), body)


def remove_from_project(actor: Actor, body: asks.ProjectUserNamed) -> dict[str, Any]:
    """The keys that the person held in the project are archived."""
    project = projects.find(actor, Action.MANAGE_MEMBERS, body)
    services.remove_member(actor, membership_of(actor, project, body.user_id))
    return {}


def members(actor: Actor, scope: Organization | Project) -> list[Membership]:
    inside = MEMBERS.filter(group_id=scope.group_id)
    return everything(actor, Action.VIEW_MEMBERS, inside, paged=PAGED[scope.kind], order=("user__public_id",))


def added(actor: Actor, scope: Organization | Project, body: Any) -> dict[str, Any]:
    """The person as the caller called them: an address known elsewhere looks like a new one (rulebook 8)."""
    role = word_of(scope.kind, body.role)
    membership = services.add_member(actor, scope, person=body.user_id, role=role)
    ident = body.user_id.strip()
    return {**rows(scope, [membership])[0], "user_id": ident.lower() if "@" in ident else ident}


def rows(scope: Organization | Project, memberships: Sequence[Membership]) -> list[dict[str, Any]]:
    """Memberships of one scope."""
    place: dict[str, str] = {"internal_user_id": "", "organization_id": scope.prefixed_id}
    if isinstance(scope, Project):
        place = {"project_id": scope.prefixed_id, "organization_id": scope.organization.prefixed_id}
    return [{"user_id": row.user.public_id, **place, "role": enum_of(scope.kind, row.role)} for row in memberships]
