"""/invitation/*: each function is one request, one call, one answer."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from api.litellm import lists
from api.litellm.invitations import asks
from api.litellm.invitations.rows import INVITATIONS, invitation_rows
from api.litellm.translate import span
from api.litellm.users.rows import PEOPLE
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams import services
from teams.invitation_mail import path_of
from teams.models import Invitation, Team, User

SCOPES = (("project", Project), ("team", Team), ("organization", Organization))


def scopes_named(actor: Actor, action: Action, body: asks.InvitationPlace) -> dict[str, Any]:
    """The scopes that a request names, innermost first: kind -> scope."""
    named = {kind: getattr(body, f"{kind}_id") for kind, _ in SCOPES}
    return {kind: policy.find(actor, action, model, named[kind]) for kind, model in SCOPES if named[kind]}


def new(actor: Actor, body: asks.InvitationNew) -> dict[str, Any]:
    """Also sends again: the answer holds a new link, and the old one opens nothing any more."""
    user = policy.find(actor, Action.MANAGE_INVITATIONS, PEOPLE, body.user_id)
    scope = next(iter(scopes_named(actor, Action.MANAGE_INVITATIONS, body).values()), None)
    invitation, secret = services.create_invitation(actor, user, scope=scope)
    return {**shown(actor, invitation), "invitation_link": path_of(secret)}


def shown(actor: Actor, invitation: Invitation) -> dict[str, Any]:
    return invitation_rows([policy.find(actor, Action.VIEW_INVITATIONS, INVITATIONS, invitation.pk)])[0]


def info(actor: Actor, body: asks.InvitationNamed) -> dict[str, Any]:
    return invitation_rows([policy.find(actor, Action.VIEW_INVITATIONS, INVITATIONS, body.invitation_id)])[0]


def list_page(actor: Actor, body: asks.InvitationPage) -> dict[str, Any]:
    """The invitations of a scope, with those of what is in it; without a scope all that the caller may see."""
    scopes = scopes_named(actor, Action.VIEW_INVITATIONS, body)
    if not scopes:
        policy.require_somewhere(actor, Action.VIEW_INVITATIONS)
    found = INVITATIONS.filter(**{kind: scope.pk for kind, scope in scopes.items()})
    if body.user_id:
        found = found.filter(user__in=User.rows_named(body.user_id))
    if body.status:
        ended = Q(expires_at__lte=timezone.now())
        accepted = Q(accepted_at__isnull=False)
        wanted = {"pending": ~accepted & ~ended, "expired": ~accepted & ended, "accepted": accepted}
        found = found.filter(wanted[body.status])
    page = policy.numbered(
        actor, Action.VIEW_INVITATIONS, found, page=body.page, size=body.page_size, order="-created_at"
    )
    return lists.numbered(page, "invitations", invitation_rows(page.items))


def update(actor: Actor, body: asks.InvitationUpdate) -> dict[str, Any]:
    invitation = policy.find(actor, Action.MANAGE_INVITATIONS, INVITATIONS, body.invitation_id)
    if body.is_accepted is not None and body.is_accepted != (invitation.accepted_at is not None):
        raise ValidationError({"is_accepted": "An invitation is accepted by the person whom it invites."})
    if body.duration is not None:
        ends = timezone.now() + span("duration", body.duration)
        invitation = services.update_invitation(actor, invitation, expires_at=ends)
    return shown(actor, invitation)


def delete(actor: Actor, body: asks.InvitationNamed) -> dict[str, Any]:
    """The row as it was."""
    invitation = policy.find(actor, Action.MANAGE_INVITATIONS, INVITATIONS, body.invitation_id)
    answer = invitation_rows([invitation])[0]
    services.revoke_invitation(actor, invitation)
    return answer
