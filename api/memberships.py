"""The members of a scope, as dialects name them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from rbacadmin import policy
from rbacadmin.errors import NotFound
from rbacadmin.policy import Action, Actor
from rbacadmin.service import refuse
from teams.models import Membership, User

MEMBERS = Membership.objects.select_related("user", "organization", "team", "project", "project__organization")


def teams_of(actor: Actor, people: Iterable[User]) -> QuerySet[Membership, Any]:
    """The ids of the teams that any of these people is in, as far as the actor sees that they are; for a filter."""
    joined = Membership.objects.filter(user__in=people, team__isnull=False)
    return policy.visible(actor, Action.VIEW_MEMBERS, joined).values("team")


def membership_of(actor: Actor, scope: Any, ident: str) -> Membership:
    """The membership of the person that an id or e-mail names.

    Raises NotFound when they are no member whom the actor can see, which is on record when they are one.
    """
    found = MEMBERS.filter(group_id=scope.group_id, user__in=User.rows_named(ident))
    membership = policy.visible(actor, Action.VIEW_MEMBERS, found).first()
    if membership is None:
        raise refuse(actor, NotFound("member", ident, action=Action.MANAGE_MEMBERS, obj=found.first()))
    return membership
