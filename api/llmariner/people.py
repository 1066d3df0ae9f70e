"""/v1/users: each function is one request, one call, one answer."""

from collections.abc import Iterable, Sequence
from typing import Any

from api.lists import everything
from api.llmariner.key_rows import SERVICE, owner_of
from api.llmariner.words import enum_of
from api.memberships import MEMBERS
from api.types import Nothing
from keys.models import Key
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.actor import unexpired
from teams.models import Membership, User

PAGED = "/user/list"


def get_self(actor: Actor, body: Nothing) -> dict[str, Any]:
    """Who calls, and where they belong, as far as their key acts; also who is in no project."""
    if actor.user is None or actor.user.kind != User.Kind.PERSON:
        return nobody(actor)
    return rows(actor, [actor.user])[0]


def nobody(actor: Actor) -> dict[str, Any]:
    """What calls without being a person: a service account is in the project of its key."""
    key = Key.objects.select_related("user", "project__organization").filter(pk__in=[actor.key_id]).first()
    found: dict[str, Any] = {"id": actor.label, "organization_role_bindings": [], "project_role_bindings": []}
    if key is not None and key.kind == Key.Kind.SERVICE and key.project is not None:
        in_organization = organization_binding(key.project.organization, SERVICE["organization"])
        in_project = project_binding(key.project, SERVICE["project"])
        found["organization_role_bindings"], found["project_role_bindings"] = [in_organization], [in_project]
    return {**found, "id": owner_of(key)} if key is not None and key.kind == Key.Kind.SERVICE else found


def list_all(actor: Actor, body: Nothing) -> dict[str, Any]:
    """The people whom the caller may see, by id, each with the bindings that the caller may see."""
    people = User.objects.people()
    return {"users": rows(actor, everything(actor, Action.VIEW_PEOPLE, people, paged=PAGED, order=("public_id",)))}


def rows(actor: Actor, people: Sequence[User]) -> list[dict[str, Any]]:
    """People with their bindings. One query for all of them."""
    held = MEMBERS.filter(unexpired(), user__in=people, team=None).order_by("created_at", "pk")
    by_user: dict[Any, list[Membership]] = {}
    for membership in policy.visible(actor, Action.VIEW_MEMBERS, held):
        by_user.setdefault(membership.user_id, []).append(membership)
    return [{"id": one.public_id, **bindings(by_user.get(one.pk, ()))} for one in people]


def bindings(memberships: Iterable[Membership]) -> dict[str, Any]:
    """Where somebody belongs, organizations and projects apart."""
    in_organizations, in_projects = [], []
    for held in memberships:
        if held.project is not None:
            in_projects.append(project_binding(held.project, enum_of("project", held.role)))
        elif held.organization is not None:
            in_organizations.append(organization_binding(held.organization, enum_of("organization", held.role)))
    return {"organization_role_bindings": in_organizations, "project_role_bindings": in_projects}


def organization_binding(organization: Any, role: str) -> dict[str, str]:
    return {"organization_id": organization.prefixed_id, "organization_title": organization.alias, "role": role}


def project_binding(project: Any, role: str) -> dict[str, str]:
    home = project.organization.prefixed_id
    return {"project_id": project.prefixed_id, "project_title": project.alias, "organization_id": home, "role": role}
