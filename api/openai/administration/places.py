"""Finding what a path names, within the organization of the request."""

from django.db.models import Q

from api.openai.administration.route import Context
from api.types import Ident, Request
from orgs.models import Project
from rbacadmin import policy
from rbacadmin.errors import NotFound
from rbacadmin.policy import Action
from rbacadmin.service import refuse
from teams.models import Membership, Team, User

MEMBERS = Membership.objects.select_related("user", "organization", "team", "project")


class OfProject(Request):
    """What a path under a project names."""

    project_id: Ident


def project_of(context: Context, action: Action, ident: str) -> Project:
    """The project. Raises NotFound when the actor sees none of that name in the organization."""
    inside = Project.objects.select_related("organization").filter(organization=context.organization)
    return policy.find(context.actor, action, inside, ident)


def team_of(context: Context, action: Action, ident: str) -> Team:
    """The team."""
    return policy.find(context.actor, action, Team.objects.filter(organization=context.organization), ident)


def person(ident: str) -> Q:
    """The memberships of whom this names."""
    return Q(user__in=User.objects.filter(User.named(ident), kind=User.Kind.PERSON))


def member_of(context: Context, scope: Project | Team | None, ident: str) -> Membership:
    """The membership of a person in a scope; None is the organization. Raises NotFound when the actor sees none."""
    group = (scope or context.organization).group_id
    found = MEMBERS.filter(person(ident), group_id=group)
    membership = policy.visible(context.actor, Action.VIEW_MEMBERS, found).first()
    if membership is None:
        raise refuse(context.actor, NotFound("user", ident, action=Action.MANAGE_MEMBERS, obj=found.first()))
    return membership
