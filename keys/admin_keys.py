"""Admin keys: a person's keys that carry an organization and call no model (decision 9)."""

from typing import Any

from django.core.exceptions import ValidationError

from keys.models import Key
from keys.services import generate_key
from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.model_names import NO_MODELS
from rbacadmin.policy import Action, Actor
from rbacadmin.service import service


@service
def generate_admin_key(actor: Actor, organization: Organization, **values: Any) -> tuple[Key, str]:
    """Mint an admin key for oneself, for who manages the organization's people. `values` are columns of Key.

    Raises PermissionDenied, Duplicate, and ValidationError for who is no person.
    """
    latest = policy.until(actor, lambda asker: policy.require(asker, Action.MANAGE_MEMBERS, organization))
    if actor.user is None:
        text = "An admin key does what its maker may do, and the master key is nobody's: ask with a person's key."
        raise ValidationError({"user_id": text})
    if (end := policy.end_within(latest, values, organization)) is not None:
        values["expires_at"] = end
    return generate_key(actor, owner=actor.user, organization=organization, models=[NO_MODELS], **values)
