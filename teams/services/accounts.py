"""What is changed about people: their profile, limits and platform role, and the address that they sign in with."""

from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError

from rbacadmin import audit, policy
from rbacadmin.changes import revise
from rbacadmin.errors import Duplicate
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.roles import PLATFORM
from rbacadmin.service import locking, service
from teams.models import Invitation, User
from teams.services.guards import fellow_leaders, require_platform_leader_left
from teams.services.passwords import change_password, is_oneself, require_current_password, require_may_become
from teams.services.people import clean_ident
from teams.services.roles import canonical_role
from teams.services.sessions import end_sessions
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


@service
def change_email(actor: Actor, user: User, *, email: str | None, current_password: str | None = None) -> User:
    """Change the address that somebody signs in with; nothing else writes it once a person is there.

    One's own takes the current password, somebody else's an administrator. Sessions end, links that went to the old
    address open nothing any more. Raises PermissionDenied, WrongPassword, Duplicate, ValidationError.
    """
    before = user.email
    if (email or "").strip().lower() == (before or ""):
        return user  # sent back as it was: asks for nothing
    if is_oneself(actor, user):
        policy.require(actor, Action.CHANGE_PROFILE, user)
        require_current_password(user, current_password)
    else:
        policy.require(actor, Action.CHANGE_PEOPLE, user)
        require_may_become(actor, user)  # who has the mailbox can sign in
    address = clean_address(email)
    require_free_address(user, address)
    user.email, user.updated_by = address, actor.label
    if "@" in user.public_id:
        user.public_id = address
    user.full_clean(exclude=["password", "public_id"], validate_unique=False, validate_constraints=False)
    user.save()
    EmailAddress.objects.filter(user=user).delete()  # allauth would go on accepting the old one
    Invitation.objects.filter(user=user, accepted_at=None).update(digest=None)
    end_sessions(actor, user)
    audit.record(actor, "user.email_changed", user, changed={"email": [before, address]})
    return user


def clean_address(email: str | None) -> str:
    """The address in lower case. Raises ValidationError."""
    if not email or "@" not in email:
        raise ValidationError({"email": f"'{email or ''}' is not an e-mail address."})
    try:
        return clean_ident(email)
    except ValidationError as error:
        raise ValidationError({"email": error.messages}) from error


def require_free_address(user: User, address: str) -> None:
    """Raise Duplicate when somebody else signs in with the address, or is known by it."""
    others = User.objects.exclude(pk=user.pk).filter(User.named(address))
    if others.exists() or EmailAddress.objects.exclude(user=user).filter(email__iexact=address).exists():
        raise Duplicate("email", f"There is a user '{address}' already.")
