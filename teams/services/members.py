"""Who belongs where: the verbs of membership, for organizations, projects and teams alike."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from rbacadmin import audit, lifecycle, policy
from rbacadmin.changes import check_limits, parent, revise
from rbacadmin.errors import Conflict, Duplicate
from rbacadmin.policy import ROLES, Action, Actor
from rbacadmin.policy.actor import unexpired
from rbacadmin.policy.roles import LEADING_ROLE
from rbacadmin.service import service
from teams.models import Membership, User
from teams.services.people import named_person
from teams.services.roles import canonical_role

# Who may take away the last leader of a team or project: whoever leads from above (rulebook 10).
LEADS_FROM_ABOVE = {"team": Action.DELETE_TEAMS, "project": Action.DELETE_PROJECTS}


@service
def add_member(actor: Actor, scope: Any, *, person: str, role: str, **values: Any) -> Membership:
    """Make the person that `person` (id or e-mail) names a member, creating them where rulebook 8 allows.

    `values` are limit columns and `expires_at`. Members of a team or project become members of its organization in
    the same transaction (rulebook 9). Raises PermissionDenied, NotFound, Duplicate, ValidationError.
    """
    role = canonical_role(scope.kind, role)
    policy.require(actor, Action.MANAGE_MEMBERS, scope)
    policy.require_all(actor, ROLES[scope.kind][role], scope)
    user = named_person(actor, scope, person)
    if is_member(user, scope):
        raise Duplicate("member", f"{person} is already a member of this {scope.kind}.", code="already_member")
    return place(actor, scope, user, role, values)


def is_member(user: User, scope: Any) -> bool:
    """Whether the person is in the scope at this moment."""
    return Membership.objects.filter(unexpired(), user=user, group_id=scope.group_id).exists()


def place(actor: Actor, scope: Any, user: User, role: str, values: Mapping[str, Any] | None = None) -> Membership:
    """Write the membership, and the one of the organization above (closure)."""
    organization = getattr(scope, "organization", None)
    if organization and not is_member(user, organization):
        place(actor, organization, user, "internal_user")
    for ended in Membership.objects.filter(user=user, group_id=scope.group_id).exclude(unexpired()):
        leave_all(actor, ended)  # whoever comes back starts anew: what was held until the end is not given back
    ids = {f"{kind}_id": getattr(scope, column) for kind, column in scope.scope_columns.items()}
    defaults = getattr(scope, "member_defaults", {})
    membership = Membership(
        user=user,
        group=scope.group,
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
        place(actor, scope, actor.user, LEADING_ROLE["organization"])


@service
def change_member(actor: Actor, membership: Membership, *, role: str | None = None, **values: Any) -> Membership:
    """Change a member's role, personal limits or end.

    Nobody gives a role that they do not hold, nor takes one away that they do not hold (rulebook 11); the last
    leader stays (rulebook 10: Conflict).
    """
    scope, kind = membership.scope, membership.scope_key[0]
    changes: dict[str, Any] = dict(values)
    if role is not None:
        changes["role"] = canonical_role(kind, role)
        policy.require(actor, Action.MANAGE_MEMBERS, membership)
        if changes["role"] != membership.role:
            policy.require_all(actor, ROLES[kind][changes["role"]] | ROLES[kind][membership.role], scope)
            require_not_last(actor, membership)
    if changes.get("expires_at") not in (None, membership.expires_at):
        require_not_last(actor, membership)  # an end in sight is a removal
    revise(actor, membership, changes, event="member.updated", parents=parent(scope))
    return membership


@service
def remove_member(actor: Actor, membership: Membership) -> None:
    """Take a person out of a scope. Leaving an organization leaves what is in it; keys held there are archived."""
    policy.require(actor, Action.MANAGE_MEMBERS, membership)
    policy.require_all(actor, ROLES[membership.scope_key[0]][membership.role], membership.scope)
    for left in (*beneath(membership), membership):
        require_not_last(actor, left)
    leave_all(actor, membership)


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


def require_not_last(actor: Actor, membership: Membership) -> None:
    """Raise Conflict when this is the scope's last leader and the actor may not leave it without one (rulebook 10)."""
    kind, scope = membership.scope_key[0], membership.scope
    if membership.role != LEADING_ROLE[kind]:
        return
    peers = Membership.objects.filter(unexpired(), group_id=membership.group_id).exclude(pk=membership.pk)
    if peers.filter(role=LEADING_ROLE[kind], user__blocked_by="").exists():
        return
    if kind in LEADS_FROM_ABOVE and (not peers.exists() or policy.can(actor, LEADS_FROM_ABOVE[kind], scope)):
        return
    raise Conflict(
        f"{membership.user.label} is the last {membership.role} of this {kind}: appoint another one first.",
        code="last_leader",
        obj=membership,
    )
