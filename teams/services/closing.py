"""What a closing scope means for teams and memberships."""

from typing import Any

from orgs.closing import close
from rbacadmin import audit
from rbacadmin.policy import Actor
from teams.models import Membership


def close_teams(actor: Actor, scope: Any) -> None:
    """An organization that closes takes its teams along."""
    if scope.kind == "organization":
        for team in scope.teams.select_for_update().order_by("pk"):
            close(actor, team)


def end_memberships(actor: Actor, scope: Any) -> None:
    """The people of a closing scope leave it; guards do not hold, because nobody is left to lead."""
    for membership in Membership.objects.filter(group_id=scope.group_id).select_related("user").order_by("pk"):
        audit.record(actor, "member.removed", membership, user=membership.user.public_id, role=membership.role)
        membership.delete()
