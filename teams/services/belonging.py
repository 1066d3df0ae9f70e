"""How memberships begin and end. Every verb that needs this asks for its rights first; nothing is asked here."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from rbacadmin import audit, lifecycle, policy
from rbacadmin.changes import check_limits, parent
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.actor import unexpired
from rbacadmin.policy.ends import earlier, reaches
from rbacadmin.policy.roles import LEADING_ROLE
from teams.models import Membership, User


def is_member(user: User, scope: Any) -> bool:
    """Whether the person is in the scope at this moment."""
    return Membership.objects.filter(unexpired(), user=user, group_id=scope.group_id).exists()


class Standing(NamedTuple):
    """How somebody stands to a scope that they may join."""

    own: Membership | None  # also one that has ended
    above: Membership | None  # the live one of the organization that the scope is in
    newcomer: bool  # whether being in the scope would bring them into its organization

    @property
    def is_member(self) -> bool:
        return self.own is not None and not has_ended(self.own)


def standing(user: User, scope: Any) -> Standing:
    """How the person stands to the scope; one query."""
    organization = getattr(scope, "organization", None)
    groups = [one.group_id for one in (scope, organization) if one is not None]
    held = {one.group_id: one for one in Membership.objects.filter(user=user, group_id__in=groups)}
    above = None if organization is None else held.get(organization.group_id)
    above = None if above is None or has_ended(above) else above
    return Standing(held.get(scope.group_id), above, organization is not None and above is None)


def has_ended(membership: Membership) -> bool:
    """Whether its end has come: the row stays until its person leaves or comes back, and gives nothing."""
    return membership.expires_at is not None and membership.expires_at <= timezone.now()


def can_bring(actor: Actor, scope: Any) -> bool:
    """Whether the actor may bring people into the scope who are not in its organization (rulebook 8)."""
    return policy.can(actor, Action.CREATE_PLATFORM_PEOPLE) or policy.can(actor, Action.INVITE_PEOPLE, scope)


def require_bringing(actor: Actor, scope: Any) -> None:
    """Raise PermissionDenied unless the actor may bring people into the scope who are not in its organization."""
    if not can_bring(actor, scope):
        policy.require(actor, Action.INVITE_PEOPLE, scope)


def place(
    actor: Actor,
    scope: Any,
    user: User,
    role: str,
    values: Mapping[str, Any] | None = None,
    *,
    latest: datetime | None = None,
    before: Standing | None = None,
) -> Membership:
    """Write the membership, and the one of the organization above (closure).

    That one has no end where its giver could give it for ever (`latest` is None), else that of what it comes with.
    `before` is how the person stands to the scope, where that was read already.
    """
    before = before or standing(user, scope)
    if before.own is not None and has_ended(before.own):
        leave_all(actor, before.own)  # whoever comes back starts anew: what was held until the end is not given back
    if before.newcomer:
        end = None if latest is None else (values or {}).get("expires_at")
        place(actor, scope.organization, user, "internal_user", {"expires_at": end})
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
    setattr(membership, scope.kind, scope)  # the row that is there already, for what is said of it
    check_limits(membership, parent(scope))
    there = ["public_id", "group", "user", *scope.scope_columns]  # what it refers to: the caller has the rows
    membership.full_clean(exclude=there, validate_unique=False, validate_constraints=False)
    membership.save()
    audit.record(actor, "member.added", membership, user=user.public_id, role=role)
    return membership


def keep_above(actor: Actor, membership: Membership, above: Membership | None, before: datetime | None = None) -> None:
    """Let somebody stay in the organization as long as in a team or project of it, if they came along with one.

    Whoever came along until a moment has the same end `above` and in what they came with, which may be this, until
    `before`. An end that somebody gave them in the organization alone stays, and so does everyone's whom the actor
    could not have brought in.
    """
    if above is None or reaches(above.expires_at, membership.expires_at) or not is_reader(above):
        return
    alike = Membership.objects.filter(user=above.user_id, organization=above.organization_id)
    together = alike.filter(expires_at=above.expires_at).exclude(pk=above.pk)
    if not can_bring(actor, membership.scope) or (before != above.expires_at and not together.exists()):
        return
    latest = policy.until(actor, partial(require_bringing, scope=membership.scope))
    end = None if latest is None else earlier(latest, membership.expires_at)
    if not reaches(above.expires_at, end):
        changed = {"expires_at": [above.expires_at, end]}
        above.expires_at, above.updated_by = end, actor.label
        above.save()
        audit.record(actor, "member.updated", above, changed=changed)


def is_reader(membership: Membership) -> bool:
    """Whether the membership of an organization is the plain one that comes along with a team or project."""
    roles = policy.ROLES["organization"]
    return not roles[membership.role] - roles["internal_user"]


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
