"""Superusers: who opens Django admin. That is given there, by another superuser, and means nothing anywhere else."""

from django.core.exceptions import ValidationError

from rbacadmin import audit, policy
from rbacadmin.errors import Conflict, PermissionDenied
from rbacadmin.policy import Action, Actor, Decision
from rbacadmin.service import service
from teams.models import User


def require_superuser(actor: Actor, user: User) -> None:
    """Raise PermissionDenied unless the actor is a superuser in a session: no key of theirs is one."""
    if actor.key is not None or actor.user is None or not (actor.active and actor.user.is_superuser):
        helpers = ("a superuser, signed in",)
        decision = Decision(False, Action.CHANGE_PEOPLE, actor.label, policy.describe(user), roles_that_could=helpers)
        raise PermissionDenied(decision, user)


@service
def set_superuser(actor: Actor, user: User, *, superuser: bool) -> User:
    """Make a person a superuser, or take that away. Raises PermissionDenied, Conflict for oneself, ValidationError."""
    require_superuser(actor, user)
    if user.kind != User.Kind.PERSON:
        raise ValidationError({"superuser": "A service account signs in nowhere."})
    if user.is_superuser == superuser:
        return user
    if actor.user_id == user.pk:
        raise Conflict("Nobody takes this from themselves: ask another superuser.", code="oneself", obj=user)
    user.is_superuser = user.is_staff = superuser
    user.updated_by = actor.label
    user.save(update_fields=["is_superuser", "is_staff", "updated_by", "updated_at"])
    audit.record(actor, "user.superuser_granted" if superuser else "user.superuser_revoked", user)
    return user
