"""Which organization a request is about (rulebook 18): the key's own, else the header's, else the only one."""

from django.core.exceptions import ValidationError

from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.errors import NotFound
from rbacadmin.policy import Action, Actor
from rbacadmin.service import refuse

HEADER = "OpenAI-Organization"
MOST_LISTED = 100


def organization_of(actor: Actor, named: str | None, action: Action | None) -> Organization:
    """The organization. What is inside of it is asked for later, so a key of a project need not see its organization.

    Raises NotFound for a header that names none that the actor sees, PermissionDenied for who sees none at all, and
    ValidationError listing those that could be meant.
    """
    if actor.key is not None and actor.key.organization is not None:
        return actor.key.organization
    if named:
        try:
            return policy.find(actor, Action.SEE_ORGANIZATIONS, Organization, named)
        except NotFound as missing:  # on record when something was to be written there (rulebook 26)
            raise refuse(actor, NotFound(missing.kind, missing.ident, action=action or "", obj=missing.obj)) from None
    seen = policy.visible(actor, Action.SEE_ORGANIZATIONS, Organization.objects.all())
    found = list(seen.order_by("alias_key", "pk")[: MOST_LISTED + 1])
    if not found:
        policy.require(actor, action or Action.SEE_ORGANIZATIONS)
    if len(found) != 1:
        listed = ", ".join(f"{one.prefixed_id} ({one.alias})" for one in found[:MOST_LISTED])
        raise ValidationError({HEADER: f"Name one in the header {HEADER}: {listed or 'there is none yet'}."})
    return found[0]
