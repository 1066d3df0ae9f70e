"""Finding what a path names, within the organization of the request."""

import uuid
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from api.openai.administration.route import Context
from api.types import Ident, Request
from orgs.models import Project
from rbacadmin import policy
from rbacadmin.errors import NotFound
from rbacadmin.models import Scope
from rbacadmin.policy import Action
from rbacadmin.service import refuse
from teams.models import Membership, Team, User

S = TypeVar("S", Project, Team)
MEMBERS = Membership.objects.select_related("user", "organization", "team", "project")


class OfProject(Request):
    """What a path under a project names."""

    project_id: Ident


def project_of(context: Context, action: Action, ident: str) -> Project:
    """The project. Raises NotFound when the actor sees none of that name in the organization."""
    inside = Project.objects.select_related("organization").filter(organization=context.organization)
    return found(context, action, inside, ident)


def team_of(context: Context, action: Action, ident: str) -> Team:
    """The team."""
    return found(context, action, Team.objects.filter(organization=context.organization), ident)


def found(context: Context, action: Action, rows: QuerySet[S], ident: str) -> S:
    """`policy.find`. What a write merely names on its way is a refused write too, when it is not seen (rulebook 26)."""
    try:
        return policy.find(context.actor, action, rows, ident)
    except NotFound as missing:
        wanted = context.action
        if not action.is_read or wanted is None or wanted.is_read:
            raise
        unseen = NotFound(missing.kind, missing.ident, action=wanted, obj=missing.obj)
        raise refuse(context.actor, unseen) from None


def person(ident: str) -> Q:
    """The memberships of whom this names."""
    return Q(user__in=User.objects.people().filter(User.named(ident)))


def member_of(context: Context, scope: Scope | None, ident: str) -> Membership:
    """The membership of a person in a scope; None is the organization. Raises NotFound when the actor sees none."""
    membership = seen_member(context, scope, ident)
    if membership is None:
        hidden = named_member(context, scope, ident).first()
        raise refuse(context.actor, NotFound("user", ident, action=context.action or "", obj=hidden))
    return membership


def named_member(context: Context, scope: Scope | None, ident: str) -> QuerySet[Membership]:
    return MEMBERS.filter(person(ident), group_id=(scope or context.organization).group_id)


def seen_member(context: Context, scope: Scope | None, ident: str) -> Membership | None:
    """The same; None when the actor sees none."""
    return policy.visible(context.actor, Action.VIEW_MEMBERS, named_member(context, scope, ident)).first()


def ids_of(model: Any, idents: Iterable[str]) -> set[uuid.UUID]:
    """The ids that texts name, also of rows that are gone: what is on record keeps their ids."""
    named, found = list(idents), set[uuid.UUID]()
    for ident in named:
        try:
            found.add(uuid.UUID(ident.removeprefix(model.id_prefix)))
        except ValueError:
            continue
    return found | set(model.rows_named(*named).values_list("pk", flat=True))
