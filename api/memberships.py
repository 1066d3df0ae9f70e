"""The members of a scope, as dialects name them."""

from typing import Any

from rbacadmin import policy
from rbacadmin.errors import NotFound
from rbacadmin.policy import Action, Actor
from rbacadmin.service import refuse
from teams.models import Membership, User

MEMBERS = Membership.objects.select_related("user", "organization", "team", "project", "project__organization")


def membership_of(actor: Actor, scope: Any, ident: str) -> Membership:
    """The membership of the person that an id or e-mail names.

    Raises NotFound when they are no member whom the actor can see, which is on record when they are one.
    """
    found = MEMBERS.filter(group_id=scope.group_id, user__in=User.objects.filter(User.named(ident)))
    membership = policy.visible(actor, Action.VIEW_MEMBERS, found).first()
    if membership is None:
        raise refuse(actor, NotFound("member", ident, action=Action.MANAGE_MEMBERS, obj=found.first()))
    return membership
