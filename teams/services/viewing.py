"""Looking at the dashboard as another person (VAS-01): nothing can be written meanwhile; both ends are on record."""

from rbacadmin import audit, policy
from rbacadmin.errors import Conflict
from rbacadmin.policy import Action, Actor
from rbacadmin.service import service
from teams.models import User


@service
def start_viewing(actor: Actor, user: User) -> User:
    """Put on record that the actor looks as this person from now on. Nothing changes, so there is no `Change`.

    Raises PermissionDenied, and Conflict for somebody who is blocked: they see nothing.
    """
    policy.require(actor, Action.VIEW_AS, user)
    if not user.is_active:
        raise Conflict(f"{user.label} is blocked and sees nothing.", code="blocked", obj=user)
    audit.write(actor, "session.view_as_started", user, {}, details={"person": user.public_id})
    return user


@service
def end_viewing(actor: Actor, user: User) -> None:
    """Put on record that it is over."""
    audit.write(actor, "session.view_as_ended", user, {}, details={"person": user.public_id})
