"""Passwords: one's own is changed by who knows it; somebody else's is reset, and never set (USR-07, USR-10)."""

from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from rbacadmin import audit, policy
from rbacadmin.errors import TooMany, WrongPassword
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Action, Actor
from rbacadmin.service import service
from teams.models import User
from teams.services.sessions import end_sessions
from teams.services.superusers import require_superuser
from teams.sign_in import reset_link_for

ATTEMPTS, PER = 10, timedelta(hours=1)


@service
def change_password(actor: Actor, user: User, *, current_password: str | None, new_password: str) -> User:
    """Change one's own password, and sign out everywhere else.

    Raises WrongPassword, TooMany, and ValidationError: nobody sets the password of somebody else.
    """
    policy.require(actor, Action.CHANGE_PROFILE, user)
    if not is_oneself(actor, user):
        raise ValidationError(
            {"new_password": "Nobody sets the password of somebody else: trigger a reset, and they choose one."}
        )
    require_current_password(user, current_password)
    try:
        validate_password(new_password, user)
    except ValidationError as error:
        raise ValidationError({"new_password": error.messages}) from error
    user.set_password(new_password)
    store(actor, user)
    audit.record(actor, "user.password_changed", user)
    return user


@service
def trigger_password_reset(actor: Actor, user: User) -> str:
    """Make somebody choose a new password; returns the path of the link with which they do so, once.

    The old password and all sessions end at once. Keys go on working. Raises PermissionDenied and ValidationError.
    """
    policy.require(actor, Action.CHANGE_PEOPLE, user)
    require_may_become(actor, user)  # who has the link can sign in
    if not user.email:
        raise ValidationError({"user_id": f"{user.label} has no e-mail address to sign in with."})
    user.set_unusable_password()
    store(actor, user)
    audit.record(actor, "user.password_reset_triggered", user)
    return reset_link_for(user)


def store(actor: Actor, user: User) -> None:
    """Save the new password. Sessions know the old one; those that are listed go from the list too."""
    user.updated_by = actor.label
    user.save(update_fields=["password", "updated_by", "updated_at"])
    end_sessions(actor, user)


def require_may_become(actor: Actor, user: User) -> None:
    """Raise PermissionDenied when signing in as this person would give the actor more than they hold (rulebook 11).

    Django admin is held by superusers only, and by no key of theirs: no other way must lead into it.
    """
    policy.require_not_above(actor, Actor.for_user(user))
    if user.is_superuser:
        require_superuser(actor, user)


def is_oneself(actor: Actor, user: User) -> bool:
    return actor.user_id == user.pk


def require_current_password(user: User, password: str | None) -> None:
    """Raise unless the password is the person's own. Wrong ones are on record, and ten within an hour are enough."""
    if not password:
        raise ValidationError({"current_password": "Your current password is required."})
    wrong = AuditEvent.objects.filter(
        kind="user",
        object_id=str(user.pk),
        outcome=AuditEvent.Outcome.REFUSED,
        status=WrongPassword.status,
        created_at__gt=timezone.now() - PER,
    )
    if wrong.count() >= ATTEMPTS:
        raise TooMany("Too many wrong passwords. Try again later.", retry_after=int(PER.total_seconds()), obj=user)
    if not user.check_password(password):
        raise WrongPassword("This is not your current password.", obj=user)
