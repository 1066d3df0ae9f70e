"""How memberships begin and end. Every verb that needs this asks for its rights first; nothing is asked here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from rbacadmin import audit, lifecycle, policy
from rbacadmin.changes import check_limits, parent
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.actor import unexpired
from rbacadmin.policy.roles import LEADING_ROLE
from teams.models import Membership, User


def is_member(user: User, scope: Any) -> bool:
    """Whether the person is in the scope at this moment."""
    return Membership.objects.filter(unexpired(), user=user, group_id=scope.group_id).exists()


def is_newcomer(user: User, scope: Any) -> bool:
    """Whether being in the scope would bring the person into its organization."""
    organization = getattr(scope, "organization", None)
    return organization is not None and not is_member(user, organization)


def place(
    actor: Actor,
    scope: Any,
    user: User,
    role: str,
    values: Mapping[str, Any] | None = None,
    *,
    latest: datetime | None = None,
) -> Membership:
    """Write the membership, and the one of the organization above (closure), which ends at `latest`."""
    if is_newcomer(user, scope):
        place(actor, scope.organization, user, "internal_user", {"expires_at": latest})
    for ended in Membership.objects.filter(user=user, group_id=scope.group_id).exclude(unexpired()):
        leave_all(actor, ended)  # whoever comes back starts anew: what was held until the end is not given back
    ids = {f"{kind}_id": getattr(scope, column) for kind, column in scope.scope_columns.items()}
    defaults = getattr(scope, "member_defaults", {})
    membership = Membership(
        user=user,
        group_id=scope.group_id,  # not the row: it would be read for nothing else
        role=role,
        created_by=actor.label,
        updated_by=actor.label,
        **ids,
        **{**defaults, **(values or {})},
    )
    check_limits(membership, parent(scope))
    membership.full_clean(exclude=["public_id", "group", "user"], validate_unique=False, validate_constraints=False)
    membership.save()
    audit.record(actor, "member.added", membership, user=user.public_id, role=role)
    return membership


def add_founder(actor: Actor, scope: Any) -> None:
    """Whoever creates an organization without being able to manage it otherwise becomes its admin (rulebook 6)."""
    if scope.kind == "organization" and actor.user and not policy.can(actor, Action.MANAGE_MEMBERS, scope):
        latest = policy.until(actor, lambda asker: policy.require(asker, Action.CREATE_ORGANIZATIONS))
        place(actor, scope, actor.user, LEADING_ROLE["organization"], {"expires_at": latest})


def leave_all(actor: Actor, membership: Membership) -> None:
    """Leave the scope, and with an organization its teams and projects first (closure)."""
    for left in (*beneath(membership), membership):
        leave(actor, left)


def leave(actor: Actor, membership: Membership) -> None:
    for follow in lifecycle.on_leave:
        follow(actor, membership)
    audit.record(actor, "member.removed", membership, user=membership.user.public_id, role=membership.role)
    membership.delete()


def beneath(membership: Membership) -> QuerySet[Membership]:
    """The person's memberships in the teams and projects of the organization, when it is one that they leave."""
    if membership.scope_key[0] != "organization":
        return Membership.objects.none()
    inside = Q(team__isnull=False) | Q(project__isnull=False)
    theirs = Q(user_id=membership.user_id, organization_id=membership.organization_id)
    return Membership.objects.filter(theirs, inside).order_by("pk")
