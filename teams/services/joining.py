"""Teams that people join by themselves, where the configuration names any."""

from django.db.models import Q, QuerySet

from rbacadmin import policy, runtime
from rbacadmin.errors import Conflict, Duplicate, PermissionDenied
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.actor import unexpired
from rbacadmin.service import service
from teams.models import Membership, Team, User
from teams.services.belonging import is_member, place

JOINS_AS = "user"


def open_to(actor: Actor) -> QuerySet[Team]:
    """The teams that the actor may join: named by `available_teams`, in an organization of theirs or in none.

    A key that acts somewhere only joins nothing: it would bring its owner where it does not act itself.
    """
    user = actor.user
    if user is None or actor.reach is not None or not policy.can(actor, Action.JOIN_TEAMS, user):
        return Team.objects.none()
    named = Team.rows_named(*runtime.value("available_teams"))
    mine = Membership.objects.filter(unexpired(), user=user)
    reachable = Q(organization=None) | Q(organization__in=mine.filter(team=None, project=None).values("organization"))
    return named.filter(reachable).exclude(group__in=mine.values("group"))


def near(actor: Actor, team: Team) -> QuerySet[User]:
    """The people of the team's organization who are not in the team, as far as the actor sees them."""
    live = Membership.objects.filter(unexpired())
    joined = live.filter(organization=team.organization_id).exclude(organization=None)
    inside = live.filter(group=team.group_id)
    outside = User.objects.people().filter(pk__in=joined.values("user")).exclude(pk__in=inside.values("user"))
    return policy.visible(actor, Action.VIEW_PEOPLE, outside)


@service
def join_team(actor: Actor, team: Team) -> Membership:
    """Become a member of an open team, as a user and with the limits that its new members start with.

    It lasts as long as they are in the team's organization. Raises PermissionDenied when the team is not open to the
    actor, Duplicate when they are in it, Conflict while it or its organization is blocked.
    """
    if actor.user is not None and is_member(actor.user, team):
        raise Duplicate("member", f"You are already a member of this {team.kind}.", code="already_member")
    if actor.user is None or not open_to(actor).filter(pk=team.pk).exists():
        raise PermissionDenied(policy.explain(actor, Action.JOIN_TEAMS, team), team)
    blocked = next((scope for scope in (team, team.organization) if scope is not None and scope.blocked), None)
    if blocked is not None:
        raise Conflict(f"The {blocked.kind} is blocked: nobody joins meanwhile.", code="blocked", obj=team)
    above = ("organization", team.organization_id) if team.organization_id else None
    return place(actor, team, actor.user, JOINS_AS, {"expires_at": actor.ends.get(above) if above else None})
