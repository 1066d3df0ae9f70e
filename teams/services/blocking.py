"""Blocking and unblocking people (USR-11): all of those named, or none."""

from collections.abc import Iterable

from rbacadmin import blocking, policy
from rbacadmin.policy import Action, Actor
from rbacadmin.service import locking, service
from teams.models import User
from teams.services.guards import fellow_leaders, places_of, require_leaders_left
from teams.services.sessions import end_sessions


@service
@locking(fellow_leaders, places_of)
def block_users(actor: Actor, users: Iterable[User]) -> list[User]:
    """Block people: they are signed out, and neither they nor their keys come in again.

    Raises PermissionDenied, and Conflict when the platform or an organization would be left without an admin, counted
    over the whole list (rulebook 10).
    """
    people = once_each(users)
    for user in people:
        policy.require(actor, Action.BLOCK_PEOPLE, user)
    require_leaders_left(actor, people)
    for user in people:
        end_sessions(actor, user)
        blocking.block(actor, user, Action.BLOCK_PEOPLE)
    return people


@service
def unblock_users(actor: Actor, users: Iterable[User]) -> list[User]:
    """Lift the blocks of people, none of whom may rank above the actor, nor who set the block (rulebook 11)."""
    people = once_each(users)
    for user in people:
        blocking.unblock(actor, user, Action.BLOCK_PEOPLE)
        policy.require_not_above(actor, Actor.for_user(user))
    return people


def once_each(users: Iterable[User]) -> list[User]:
    """The people in the order named, each once."""
    return list({user.pk: user for user in users}.values())
