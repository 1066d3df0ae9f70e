"""What is changed about people: their profile, limits and platform role."""

from typing import Any

from rbacadmin import policy
from rbacadmin.changes import revise
from rbacadmin.errors import Duplicate
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.roles import PLATFORM
from rbacadmin.service import locking, service
from teams.models import User
from teams.services.addresses import change_email
from teams.services.guards import fellow_leaders, require_platform_leader_left
from teams.services.passwords import change_password
from teams.services.roles import canonical_role
from teams.sso import issuer_named, vouched_for


@service
@locking(fellow_leaders)
def update_user(actor: Actor, user: User, *, current_password: str | None = None, **changes: Any) -> User:
    """Change the fields given (USR-07 to USR-10): all of them, or none.

    `email` and `new_password` go through services of their own. A new platform role leaves roles in scopes alone.
    Raises PermissionDenied, ValidationError, and Conflict for the last active platform admin (rulebook 10).
    """
    if "email" in changes:
        user = change_email(actor, user, email=changes.pop("email"), current_password=current_password)
    if new_password := changes.pop("new_password", None):
        user = change_password(actor, user, current_password=current_password, new_password=new_password)
    if "sso_id" in changes and changes["sso_id"] != user.sso_id:
        changes["sso_issuer"] = issuer_named("") if changes["sso_id"] else ""
        require_free_identity(user, changes["sso_id"])
    if "platform_role" in changes:
        changes["platform_role"] = canonical_role("platform", changes["platform_role"] or "")
        require_role_change(actor, user, changes["platform_role"])
    revise(actor, user, changes, event="user.updated")
    return user


def require_free_identity(user: User, sso_id: str | None) -> None:
    """Raise Duplicate when the id that the first issuer gives is somebody else's already."""
    others = User.objects.exclude(pk=user.pk).filter(sso_id=sso_id) if sso_id else ()
    if any(vouched_for(other, other.sso_id or "", "") for other in others):
        raise Duplicate("sso_id", "Somebody else signs in with this identity already.")


def require_role_change(actor: Actor, user: User, role: str) -> None:
    """Raise unless the actor may make this the platform role: nobody gives, or takes, what they do not hold."""
    if role == user.platform_role:
        return
    policy.require(actor, Action.CHANGE_PLATFORM_ROLES, user)
    policy.require_all(actor, PLATFORM[role] | PLATFORM[user.platform_role], None)
    require_platform_leader_left([user])
