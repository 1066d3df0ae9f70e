"""/onboarding/*: what is behind the link of an invitation. Public: the link is the credential."""

from typing import Any

from django.urls import reverse

from api.litellm.invitations import asks
from rbacadmin.policy import Actor
from rbacadmin.throttling import spend
from teams.invitation_mail import path_of
from teams.models import Invitation, User
from teams.services.invitations import TRIES, DeadLink, accept_invitation, invitation_of


def opened(actor: Actor, link: str) -> tuple[Invitation, str]:
    """The invitation behind a link, and its secret. Raises DeadLink, the same for whatever does not work."""
    spend("invitation", actor.origin.ip, **TRIES)
    secret = link.rstrip("/").rsplit("/", 1)[-1]
    found = invitation_of(secret)
    if found is None:
        raise DeadLink
    return found, secret


def get_token(actor: Actor, body: asks.InvitationLink) -> dict[str, Any]:
    """Looking spends nothing: mail scanners follow links."""
    found, secret = opened(actor, body.invite_link)
    return {**person(found.user), "login_url": path_of(secret), "token": None}


def claim_token(actor: Actor, body: asks.InvitationClaim) -> dict[str, Any]:
    """Choose a password, once. Signing in is for the sign-in page."""
    found, _ = opened(actor, body.invitation_link)
    if not User.rows_named(body.user_id).filter(pk=found.user_id).exists():
        raise DeadLink
    invited = Actor.for_user(found.user, actor.origin)
    user = accept_invitation(invited, found, person=found.user, password=body.password)
    return {**person(user), "login_url": reverse("account_login")}


def person(user: User) -> dict[str, Any]:
    return {"user_id": user.public_id, "user_email": user.email}
