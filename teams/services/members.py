"""Who belongs where: the verbs of membership, for organizations, projects and teams alike."""

from collections.abc import Mapping
from typing import Any

from rbacadmin import policy
from rbacadmin.changes import parent, revise
from rbacadmin.errors import Duplicate
from rbacadmin.policy import ROLES, Action, Actor
from rbacadmin.policy.ends import reaches
from rbacadmin.service import service
from teams.models import Membership
from teams.services.belonging import beneath, keep_above, leave_all, place, require_bringing, standing
from teams.services.guards import require_not_last
from teams.services.people import named_person
from teams.services.roles import canonical_role


@service
def add_member(
    actor: Actor, scope: Any, *, person: str, role: str, email: str | None = None, **values: Any
) -> Membership:
    """Make the person that `person` (id or e-mail) names a member, creating them where rulebook 8 allows.

    `email` says besides whose address that id must be; `values` are limit columns and `expires_at`, which whoever may
    do this only until a moment cannot set beyond it, and gets where they say nothing. Members of a team or project
    become members of its organization in the same transaction (rulebook 9). Raises PermissionDenied, NotFound,
    Duplicate, Outlives, ValidationError.
    """
    role = canonical_role(scope.kind, role)
    require_giving(actor, scope, ROLES[scope.kind][role])
    user = named_person(actor, scope, person, email)
    before = standing(user, scope)
    if before.is_member:
        raise Duplicate("member", f"{person} is already a member of this {scope.kind}.", code="already_member")

    def may(asker: Actor) -> None:
        require_giving(asker, scope, ROLES[scope.kind][role])
        if before.newcomer:
            require_bringing(asker, scope)

    latest = policy.until(actor, may)
    values["expires_at"] = policy.end_within(latest, values, scope)
    made = place(actor, scope, user, role, values, latest=latest, before=before)
    keep_above(actor, made, before.above)
    return made


def require_giving(actor: Actor, scope: Any, given: frozenset[Action], membership: Membership | None = None) -> None:
    """Raise PermissionDenied unless the actor may give people this in the scope: nobody gives more than they hold."""
    policy.require(actor, Action.MANAGE_MEMBERS, membership or scope)
    policy.require_all(actor, given, scope)


@service
def change_member(actor: Actor, membership: Membership, *, role: str | None = None, **values: Any) -> Membership:
    """Change a member's role, personal limits or end.

    Nobody gives a role that they do not hold, or for longer than they hold it (Outlives), nor takes one away that they
    do not hold (rulebook 11); the last leader stays (rulebook 10: Conflict).
    """
    scope, kind, end = membership.scope, membership.scope_key[0], membership.expires_at
    changes: dict[str, Any] = dict(values)
    if role is not None:
        changes["role"] = canonical_role(kind, role)
        policy.require(actor, Action.MANAGE_MEMBERS, membership)
        if changes["role"] != membership.role:
            policy.require_all(actor, ROLES[kind][changes["role"]] | ROLES[kind][membership.role], scope)
            require_not_last(actor, membership)
    if changes.get("expires_at") not in (None, membership.expires_at):
        require_not_last(actor, membership)  # an end in sight is a removal
    if given := given_by(membership, changes):
        latest = policy.until(actor, lambda asker: require_giving(asker, scope, given, membership))
        policy.require_within(latest, changes.get("expires_at", membership.expires_at), membership)
    revise(actor, membership, changes, event="member.updated", parents=parent(scope))
    if not reaches(end, membership.expires_at):
        keep_above(actor, membership, standing(membership.user, scope).above, end)
    return membership


def given_by(membership: Membership, changes: Mapping[str, Any]) -> frozenset[Action]:
    """What the member will be able to do that they could not, or not for so long."""
    roles = ROLES[membership.scope_key[0]]
    after = roles[changes.get("role", membership.role)]
    longer = not reaches(membership.expires_at, changes.get("expires_at", membership.expires_at))
    return after if longer else after - roles[membership.role]


@service
def remove_member(actor: Actor, membership: Membership) -> None:
    """Take a person out of a scope. Leaving an organization leaves what is in it; keys held there are archived."""
    policy.require(actor, Action.MANAGE_MEMBERS, membership)
    policy.require_all(actor, ROLES[membership.scope_key[0]][membership.role], membership.scope)
    for left in (*beneath(membership), membership):
        require_not_last(actor, left)
    leave_all(actor, membership)
