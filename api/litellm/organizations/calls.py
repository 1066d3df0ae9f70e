"""/organization/*: each function is one request, one call, one answer."""

from typing import Any

from api.litellm import lists
from api.litellm.organizations import asks, compound
from api.litellm.organizations.rows import full_rows, organization_rows
from api.litellm.scopes import all_named
from orgs.closing import delete_scopes
from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.models import fold
from rbacadmin.policy import Action, Actor

PAGED = "/v2/organization/list"


def new(actor: Actor, body: asks.OrganizationNew) -> dict[str, Any]:
    return organization_rows(actor, [compound.create_organization(actor, body=body)])[0]


def update(actor: Actor, body: asks.OrganizationUpdate) -> dict[str, Any]:
    organization = policy.find(actor, Action.CHANGE_ORGANIZATIONS, Organization, body.organization_id)
    return organization_rows(actor, [compound.update_organization(actor, organization, body=body)])[0]


def patch(actor: Actor, body: asks.OrganizationPatch) -> dict[str, Any]:
    organization = policy.find(actor, Action.CHANGE_ORGANIZATIONS, Organization, body.organization_id)
    return organization_rows(actor, [compound.patch_organization(actor, organization, body=body)])[0]


def info(actor: Actor, body: asks.OrganizationNamed) -> dict[str, Any]:
    organization = policy.find(actor, Action.SEE_ORGANIZATIONS, Organization, body.organization_id)
    return full_rows(actor, [organization])[0]


def list_all(actor: Actor, body: asks.OrganizationFilter) -> list[dict[str, Any]]:
    return full_rows(actor, lists.everything(actor, Action.SEE_ORGANIZATIONS, filtered(body), paged=PAGED))


def list_page(actor: Actor, body: asks.OrganizationPage) -> dict[str, Any]:
    found = policy.numbered(
        actor, Action.SEE_ORGANIZATIONS, filtered(body), page=body.page, size=body.page_size, order="created_at"
    )
    return lists.numbered(found, "organizations", full_rows(actor, found.items))


def filtered(body: asks.OrganizationFilter) -> Any:
    found = Organization.objects.all()
    if body.org_id:
        found = found.filter(Organization.named(body.org_id))
    if body.org_alias:
        found = found.filter(alias_key__contains=fold(body.org_alias))
    return found


def delete(actor: Actor, body: asks.OrganizationsNamed) -> list[dict[str, Any]]:
    """The organizations as they were."""
    found = all_named(actor, Action.DELETE_ORGANIZATIONS, Organization, "organization_ids", body.organization_ids)
    shown = organization_rows(actor, found)
    delete_scopes(actor, *found)
    return shown
