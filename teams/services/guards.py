"""Who cannot go, because nobody would be left to lead (rulebook 10), and what is locked while that is asked."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Model, QuerySet

from rbacadmin import policy
from rbacadmin.errors import Conflict
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.actor import unexpired
from rbacadmin.policy.roles import LEADING_PLATFORM_ROLE, LEADING_ROLE
from teams.models import Membership, User

# Who may take away the last leader of a team or project: whoever leads from above.
LEADS_FROM_ABOVE = {"team": Action.DELETE_TEAMS, "project": Action.DELETE_PROJECTS}


def platform_leaders() -> QuerySet[User]:
    """The active platform admins. The master key is none: it has no row."""
    return User.objects.people().filter(platform_role=LEADING_PLATFORM_ROLE, blocked_by="")


def fellow_leaders(rows: Iterable[Model]) -> Iterable[Model]:
    """All platform admins, when one of the rows is a platform admin: one of them must remain."""
    people = [row.pk for row in rows if isinstance(row, User)]
    return platform_leaders() if platform_leaders().filter(pk__in=people).exists() else ()


def places_of(rows: Iterable[Model]) -> Iterable[Model]:
    """The memberships of the people among the rows: their scopes must not change leaders meanwhile."""
    return Membership.objects.filter(user__in=[row.pk for row in rows if isinstance(row, User)])


def require_leaders_left(actor: Actor, leaving: Collection[User]) -> None:
    """Raise Conflict unless the platform, and every scope led by one of these people, keeps a leader without them."""
    require_platform_leader_left(leaving)
    ids = [user.pk for user in leaving]
    held = Membership.objects.filter(unexpired(), user__in=ids, role__in=LEADING_ROLE.values())
    for membership in held.select_related("user", "organization", "team", "project").order_by("pk"):
        require_not_last(actor, membership, leaving=ids)


def require_platform_leader_left(leaving: Collection[User]) -> None:
    """Raise Conflict when these people are all active platform admins that there are."""
    ids = [user.pk for user in leaving]
    last = platform_leaders().filter(pk__in=ids).order_by("pk").first()
    if last is not None and not platform_leaders().exclude(pk__in=ids).exists():
        raise Conflict(
            f"{last.label} would leave the platform without an active admin: appoint another one first.",
            code="last_admin",
            obj=last,
        )


def require_not_last(actor: Actor, membership: Membership, *, leaving: Collection[Any] = ()) -> None:
    """Raise Conflict when this is the scope's last leader and the actor may not leave it without one.

    `leaving` are the ids of the people who go at the same time: none of them can be the one who stays.
    """
    kind, scope = membership.scope_key[0], membership.scope
    if membership.role != LEADING_ROLE[kind]:
        return
    peers = Membership.objects.filter(unexpired(), group_id=membership.group_id)
    peers = peers.exclude(pk=membership.pk).exclude(user__in=leaving)
    if peers.filter(role=LEADING_ROLE[kind], user__blocked_by="").exists():
        return
    if kind in LEADS_FROM_ABOVE and (not peers.exists() or policy.can(actor, LEADS_FROM_ABOVE[kind], scope)):
        return
    raise Conflict(
        f"{membership.user.label} is the last {membership.role} of this {kind}: appoint another one first.",
        code="last_leader",
        obj=membership,
    )
