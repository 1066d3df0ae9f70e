"""/v1/organizations: each function is one request, one call, one answer."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, QuerySet

from api.lists import everything
from api.llmariner import asks
from api.llmariner.words import seconds
from api.types import Request
from orgs import services
from orgs.closing import delete_scopes
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.fields import readable_each
from teams.models import Membership

PAGED = "/organization/list"


def create(actor: Actor, body: asks.CreateOrganizationRequest) -> dict[str, Any]:
    return rows(actor, [services.create_organization(actor, alias=body.title)])[0]


def list_all(actor: Actor, body: asks.ListOrganizationsRequest) -> dict[str, Any]:
    found = everything(actor, Action.SEE_ORGANIZATIONS, Organization.objects.all(), paged=PAGED)
    shown = rows(actor, found)
    if body.include_summary:
        counts = summaries(actor, found)
        shown = [{**row, "summary": counts[one.pk]} for row, one in zip(shown, found, strict=True)]
    return {"organizations": shown}


def delete(actor: Actor, body: asks.OrganizationNamed) -> dict[str, Any]:
    """Only an empty one: whoever calls through this dialect expects the projects to be in the way."""
    organization = policy.find(actor, Action.DELETE_ORGANIZATIONS, Organization, body.id)
    delete_scopes(actor, organization, only_empty=True)
    return {"id": body.id, "object": "organization", "deleted": True}


def rows(actor: Actor, organizations: Sequence[Organization]) -> list[dict[str, Any]]:
    """Organizations, cut down to what the caller may read: who only belongs to one is not told since when it is."""
    allowed = readable_each(actor, organizations)
    return [
        {
            "id": one.prefixed_id,
            "title": one.alias,
            "created_at": seconds(one.created_at if "created_at" in allowed[one.pk] else None),
            "is_default": one.is_initial,
        }
        for one in organizations
    ]


def summaries(actor: Actor, organizations: Sequence[Organization]) -> dict[Any, dict[str, int]]:
    """By organization: how many projects the caller sees, and how many people, for those who see them all."""
    ids = [one.pk for one in organizations]
    inside = policy.visible(actor, Action.VIEW_PROJECTS, Project.objects.filter(organization__in=ids))
    led = policy.visible(actor, Action.VIEW_ORGANIZATIONS, Organization.objects.filter(pk__in=ids))
    people = Membership.objects.filter(organization__in=led.values("pk"), team=None, project=None)
    projects = counted(inside)
    users = counted(policy.visible(actor, Action.VIEW_MEMBERS, people))
    return {pk: {"project_count": projects.get(pk, 0), "user_count": users.get(pk, 0)} for pk in ids}


def counted(found: QuerySet[Any]) -> dict[Any, int]:
    """How many rows each organization has."""
    return dict(found.order_by().values_list("organization").annotate(Count("pk")))


def find(actor: Actor, action: Action, body: Request) -> Organization:
    """The organization that the path names."""
    return policy.find(actor, action, Organization, body.organization_id)  # type: ignore[attr-defined]
