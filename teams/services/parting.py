"""Deleting people: what ends with them, and what stays (rulebook 9)."""

from collections.abc import Iterable

from rbacadmin import audit, lifecycle, policy
from rbacadmin.changes import values_of
from rbacadmin.policy import Action, Actor
from rbacadmin.service import locking, service
from teams.models import Membership, User
from teams.services.belonging import leave
from teams.services.blocking import once_each
from teams.services.guards import fellow_leaders, places_of, require_leaders_left
from teams.services.sessions import end_sessions


@service
@locking(fellow_leaders, places_of)
def delete_users(actor: Actor, users: Iterable[User]) -> int:
    """Delete people, all of those named or none (USR-12); returns how many.

    Their sessions end, their memberships and keys are archived on record; spend and history keep their names. Raises
    PermissionDenied, and Conflict when the platform or a scope would be left without a leader, counted over the whole
    list (rulebook 10).
    """
    people = once_each(users)
    for user in people:
        policy.require(actor, Action.DELETE_PEOPLE, user)
    require_leaders_left(actor, people)
    # Whoever is adding one of them to a scope at this moment is waited for: their membership ends with the others.
    list(User.objects.select_for_update(of=("self",)).filter(pk__in=[user.pk for user in people]).order_by("pk"))
    for user in people:
        part(actor, user)
    return len(people)


def part(actor: Actor, user: User) -> None:
    """Take one person out of everything, and then out of the database."""
    end_sessions(actor, user)
    joined = Membership.objects.filter(user=user).select_related("user", "organization", "team", "project")
    for membership in sorted(joined, key=lambda one: (one.scope_key[0] == "organization", one.pk)):
        leave(actor, membership)
    for follow in lifecycle.on_part:
        follow(actor, user)
    snapshot = {name: getattr(user, name) for name in ("public_id", "email", "name", "platform_role", "created_at")}
    audit.archive(actor, user, name=user.label, snapshot={**snapshot, **values_of(user)})
    audit.record(actor, "user.deleted", user, email=user.email, platform_role=user.platform_role)
    user.delete()
