"""A merge-patch of an organization: reading and changing it in one transaction. No rule stands here."""

from api.litellm import translate
from api.litellm.merging import patched
from api.litellm.organizations import asks
from orgs import services
from orgs.models import Organization
from rbacadmin.policy import Actor
from rbacadmin.service import service


@service
def patch_organization(actor: Actor, organization: Organization, *, body: asks.OrganizationPatch) -> Organization:
    """Merge into what the organization holds at this moment."""
    changes = patched(organization, body, translate.ORGANIZATION, leave=("organization_id",))
    return services.update_organization(actor, organization, **changes)
