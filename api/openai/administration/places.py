"""Finding what a path names, within the organization of the request."""

import uuid
from collections.abc import Iterable
from typing import Any

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


def ids_of(model: Any, idents: Iterable[str]) -> set[uuid.UUID]:
    """The ids that texts name, also of rows that are gone: what is on record keeps their ids."""
    found: set[uuid.UUID] = set()
    condition = Q(pk__in=[])
    for ident in idents:
        condition |= model.named(ident)
        try:
            found.add(uuid.UUID(ident.removeprefix(model.id_prefix)))
        except ValueError:
            continue
    return found | set(model._default_manager.filter(condition).values_list("pk", flat=True))
