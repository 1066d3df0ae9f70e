"""/v1/organization/invites: who is invited is a member at once (rulebook 8); the invitation concerns signing in."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from django.utils import timezone
from pydantic import Field

from api.openai.administration.pages import ByLast, Page, by_last, cut, stamp, stamp_or_none
from api.openai.administration.places import MEMBERS, project_of
from api.openai.administration.predefined import ORGANIZATION, PROJECT, role_asked, word_of
from api.openai.administration.route import DELETE, GET, POST, Context, Route
from api.types import Ident, Request, Response, Text
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from rbacadmin.policy import Action as Do
from rbacadmin.service import service
from teams import services
from teams.models import Invitation


class ProjectWanted(Request):
    id: Ident
    role: Text


class InviteNew(Request):
    email: Ident
    role: Text
    projects: Annotated[list[ProjectWanted], Field(max_length=100)] = []


class OfInvite(Request):
    invite_id: Ident


class InviteProject(Response):
    id: str
    role: str


class Invite(Response):
    id: str
    object: Literal["organization.invite"] = "organization.invite"
    email: str
    role: str
    status: Literal["pending", "accepted", "expired"]
    created_at: int
    expires_at: int
    accepted_at: int | None = None
    projects: Sequence[InviteProject]


class Invites(ByLast):
    data: Sequence[Invite]


class InviteDeleted(Response):
    id: str
    object: Literal["organization.invite.deleted"] = "organization.invite.deleted"
    deleted: bool = True


def shown(context: Context, rows: Sequence[Invitation]) -> list[Invite]:
    """Invitations with what the people hold in the organization, as far as the actor sees it. One query."""
    people = [row.user_id for row in rows]
    inside = MEMBERS.filter(user__in=people, organization=context.organization, team=None)
    roles: dict[Any, Any] = {}
    projects: dict[Any, list[InviteProject]] = defaultdict(list)
    for held in policy.visible(context.actor, Action.VIEW_MEMBERS, inside).order_by("created_at", "pk"):
        if held.project is None:
            roles[held.user_id] = word_of(ORGANIZATION, held.role)
        else:
            projects[held.user_id].append(InviteProject(id=held.project.prefixed_id, role=word_of(PROJECT, held.role)))
    now = timezone.now()
    return [
        Invite(
            id=row.prefixed_id,
            email=row.user.email or "",
            role=roles.get(row.user_id, "reader"),
            status="accepted" if row.accepted_at else "pending" if row.expires_at > now else "expired",
            created_at=stamp(row.created_at),
            expires_at=stamp(row.expires_at),
            accepted_at=stamp_or_none(row.accepted_at),
            projects=projects[row.user_id],
        )
        for row in rows
    ]


def invitations(context: Context) -> Any:
    return Invitation.objects.select_related("user").filter(organization=context.organization)


def list_page(context: Context, body: Page) -> Invites:
    items, more = cut(context, Action.VIEW_INVITATIONS, invitations(context), body)
    return by_last(Invites, shown(context, items), more)


@service
def invite_member(
    actor: Actor, organization: Organization, *, email: str, role: str, projects: list[Project], roles: list[str]
) -> Invitation:
    """Add a person to the organization and to projects of it, and offer them a sign-in: all of it, or nothing."""
    membership = services.add_member(actor, organization, person=email, role=role)
    for project, held in zip(projects, roles, strict=True):
        services.add_member(actor, project, person=email, role=held)
    invitation, _ = services.create_invitation(actor, membership.user, scope=organization)
    return invitation


def new(context: Context, body: InviteNew) -> Invite:
    role = role_asked(ORGANIZATION, body.role).role
    roles = [role_asked(PROJECT, wanted.role).role for wanted in body.projects]
    projects = [project_of(context, Action.MANAGE_MEMBERS, wanted.id) for wanted in body.projects]
    invitation = invite_member(
        context.actor, context.organization, email=body.email, role=role, projects=projects, roles=roles
    )
    return shown(context, [invitation])[0]


def info(context: Context, body: OfInvite) -> Invite:
    found = policy.find(context.actor, Action.VIEW_INVITATIONS, invitations(context), body.invite_id)
    return shown(context, [found])[0]


def delete(context: Context, body: OfInvite) -> InviteDeleted:
    """Take the offer back. The person stays a member, and cannot sign in by this link any more."""
    found = policy.find(context.actor, Action.MANAGE_INVITATIONS, invitations(context), body.invite_id)
    ident = found.prefixed_id
    services.revoke_invitation(context.actor, found)
    return InviteDeleted(id=ident)


PATH = "/v1/organization/invites"
# fmt: off
ROUTES: tuple[Route, ...] = (
    Route(PATH, GET, Do.VIEW_INVITATIONS, Page, Invites, list_page, "error", "The invitations that you may see"),
    Route(PATH, POST, Do.MANAGE_INVITATIONS, InviteNew, Invite, new, "error", "Invite a person by e-mail"),
    Route(f"{PATH}/{{invite_id}}", GET, Do.VIEW_INVITATIONS, OfInvite, Invite, info, "error", "An invitation"),
    Route(f"{PATH}/{{invite_id}}", DELETE, Do.MANAGE_INVITATIONS, OfInvite, InviteDeleted, delete, "error",
          "Take an invitation back"),
)
# fmt: on
