"""/organization/member*: each function is one request, one call, one answer."""

from typing import Any

from api.litellm import lists
from api.litellm.memberships.calls import add_members, as_list, changes_of, echoed, member_of
from api.litellm.memberships.rows import MEMBERS, member_rows
from api.litellm.organizations import asks
from api.litellm.translate import columns
from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams import services


def list_page(actor: Actor, body: asks.OrganizationMemberPage) -> dict[str, Any]:
    """The members that the caller may see: all for admins, for everybody else their own row (ORM-01)."""
    organization = policy.find(actor, Action.SEE_ORGANIZATIONS, Organization, body.organization_id)
    inside = MEMBERS.filter(group_id=organization.group_id)
    found = policy.numbered(actor, Action.VIEW_MEMBERS, inside, page=body.page, size=body.page_size, order="created_at")
    return lists.numbered(found, "members", member_rows(actor, found.items))


def add(actor: Actor, body: asks.OrganizationMembersNew) -> dict[str, Any]:
    organization = policy.find(actor, Action.MANAGE_MEMBERS, Organization, body.organization_id)
    values = columns(body, {"max_budget_in_organization": "max_budget"})
    added = add_members(actor, organization, people=as_list(body.member), **values)
    people, memberships = echoed(actor, added, as_list(body.member))
    return {
        "organization_id": organization.public_id,
        "updated_users": people,
        "updated_organization_memberships": memberships,
    }


def update(actor: Actor, body: asks.OrganizationMemberUpdate) -> dict[str, Any]:
    organization = policy.find(actor, Action.MANAGE_MEMBERS, Organization, body.organization_id)
    changes = changes_of(body, {"max_budget_in_organization": "max_budget"})
    membership = services.change_member(actor, member_of(actor, organization, body), **changes)
    return member_rows(actor, [membership])[0]


def delete(actor: Actor, body: asks.OrganizationMemberNamed) -> dict[str, Any]:
    """The row as it was. Leaving the organization leaves its teams and projects (rulebook 9)."""
    organization = policy.find(actor, Action.MANAGE_MEMBERS, Organization, body.organization_id)
    membership = member_of(actor, organization, body)
    shown = member_rows(actor, [membership])[0]
    services.remove_member(actor, membership)
    return shown
