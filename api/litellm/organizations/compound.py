"""An organization and what comes with it in one request: one transaction, all or nothing. No rule stands here."""

from api.litellm import translate
from api.litellm.budgets.holding import held
from api.litellm.merging import patched
from api.litellm.organizations import asks
from api.litellm.translate import columns
from orgs import services
from orgs.models import Organization
from rbacadmin.policy import Actor
from rbacadmin.service import service


@service
def create_organization(actor: Actor, *, body: asks.OrganizationNew) -> Organization:
    """An organization, and the shared budget that it holds."""
    organization = services.create_organization(actor, **columns(body, translate.ORGANIZATION))
    return held(actor, organization, body)


@service
def update_organization(actor: Actor, organization: Organization, *, body: asks.OrganizationUpdate) -> Organization:
    """Change fields, and the shared budget that it holds."""
    changes = columns(body, translate.ORGANIZATION, leave=("organization_id",))
    return held(actor, services.update_organization(actor, organization, **changes), body)


@service
def patch_organization(actor: Actor, organization: Organization, *, body: asks.OrganizationPatch) -> Organization:
    """Merge into what the organization holds at this moment."""
    changes = patched(organization, body, translate.ORGANIZATION, leave=("organization_id",))
    return services.update_organization(actor, organization, **changes)
