"""Somebody looked: this membership is still right."""

from collections.abc import Iterable

from django.utils import timezone

from rbacadmin import audit, policy
from rbacadmin.policy import Action, Actor
from rbacadmin.service import service
from teams.models import Membership


@service
def review_members(actor: Actor, memberships: Iterable[Membership]) -> list[Membership]:
    """Put on record that the memberships were looked through: all of them, or none. Raises PermissionDenied."""
    rows = list(memberships)
    for membership in rows:
        policy.require(actor, Action.MANAGE_MEMBERS, membership)
    for membership in rows:
        membership.reviewed_at, membership.reviewed_by = timezone.now(), actor.label
        membership.save(update_fields=["reviewed_at", "reviewed_by", "updated_at"])
        audit.record(actor, "member.reviewed", membership, user=membership.user.public_id, role=membership.role)
    return rows
