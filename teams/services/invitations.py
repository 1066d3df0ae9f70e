"""Invitations: a sign-in offered by a link that works once, within seven days (rulebook 8 and 12).

A link opens the account of somebody who has never signed in. Whoever holds it becomes that person, so it opens
nothing when the person holds anything outside of the scope that invited: else one organization's admin, who gets
the link to hand it over, would walk into another one's.
"""

import secrets
import string
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from rbacadmin import audit, policy
from rbacadmin.errors import Conflict, NotFound, Outlives
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.actor import unexpired
from rbacadmin.policy.roles import PLATFORM
from rbacadmin.service import service
from teams.invitation_mail import send_invitation
from teams.models import Invitation, Membership, User
from teams.services.belonging import is_member, is_reader
from teams.services.passwords import is_oneself

LIFE = timedelta(days=7)
PREFIX = "inv_"  # logs and messages blank what begins like this
ALPHABET = string.ascii_letters + string.digits
TRIES = {"most": 30, "seconds": 60}  # of one address at links; hashing a password is work
LENGTH = 40  # log2(62) * 40 = 238 bits


class DeadLink(NotFound):
    """One answer for links that never were, were used, have expired or were revoked."""

    def __init__(self) -> None:
        super().__init__("invitation", "")

    def __str__(self) -> str:
        return "This link does not work: it was used before, is too old, or never was."


def digest(secret: str) -> str:
    """The keyed hash under which the secret of a link is stored, 64 hex characters."""
    return salted_hmac("teams.invitation", secret, algorithm="sha256").hexdigest()


@service
def create_invitation(actor: Actor, user: User, *, scope: Any = None) -> tuple[Invitation, str]:
    """Offer a sign-in, or offer it again; returns the invitation and the secret of its link, which is nowhere else.

    Without a scope it comes from the highest one from which the actor may invite this person. Links that the actor
    could have made before die. Whether the person has signed in elsewhere shows nowhere but to platform admins.
    Whoever may invite until a moment invites who leaves by then. Raises PermissionDenied, Outlives, ValidationError,
    Conflict.
    """
    scope = scope if scope is not None else inviting_scope(actor, user)
    policy.require(actor, Action.MANAGE_INVITATIONS, scope)
    if not user.email or user.kind != User.Kind.PERSON:
        raise ValidationError({"user_id": f"{user.label} has no e-mail address to sign in with."})
    if scope is not None and not is_member(user, scope):
        raise ValidationError({"user_id": f"{user.label} is no member of this {scope.kind}: add them first."})
    if has_signed_in(user) and policy.can(actor, Action.CREATE_PLATFORM_PEOPLE):
        raise Conflict(f"{user.label} has signed in already.", code="signed_in", obj=user, field="user_id")
    latest = policy.until(actor, lambda asker: policy.require(asker, Action.MANAGE_INVITATIONS, scope))
    require_leaving_by(latest, user)
    pending = Invitation.objects.filter(user=user, accepted_at=None)
    older = [row.pk for row in policy.visible(actor, Action.MANAGE_INVITATIONS, pending)]
    pending.filter(pk__in=older).update(digest=None)
    place = places_of(scope)
    invitation = pending.filter(**place).order_by("-created_at", "-pk").first()
    event = "invitation.created" if invitation is None else "invitation.resent"
    invitation = invitation or Invitation(user=user, created_by=actor.label, **place)
    secret = PREFIX + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    invitation.digest = digest(secret)
    end = timezone.now() + LIFE
    invitation.expires_at = end if latest is None else min(end, latest)
    invitation.updated_by = actor.label
    invitation.save()
    audit.record(actor, event, invitation, user=user.public_id)
    transaction.on_commit(lambda: send_invitation(invitation, secret, expected=opens(invitation)))
    return invitation, secret


def require_leaving_by(latest: datetime | None, user: User) -> None:
    """Raise Outlives when the person stays longer than their inviter can invite: who has the link becomes them."""
    if latest is None:
        return
    longer = Q(expires_at=None) | Q(expires_at__gt=latest)
    if Membership.objects.filter(longer, user=user).exists():
        words = "the link opens what this person holds for longer, so somebody who holds it longer sends it."
        raise Outlives(latest, obj=user, field="user_id", words=words)


def inviting_scope(actor: Actor, user: User) -> Any:
    """The highest scope of the person from which the actor may invite; None is the platform, or nothing at all."""
    if policy.can(actor, Action.MANAGE_INVITATIONS):
        return None
    held = Membership.objects.filter(unexpired(), user=user).select_related("organization", "team", "project")
    scopes = [membership.scope for membership in held.order_by("created_at", "pk")]
    scopes.sort(key=lambda scope: ("organization", "team", "project").index(scope.kind))
    return next((scope for scope in scopes if policy.can(actor, Action.MANAGE_INVITATIONS, scope)), None)


def places_of(scope: Any) -> dict[str, Any]:
    """The scope columns of an invitation."""
    named = {} if scope is None else scope.scope_columns
    return {f"{kind}_id": getattr(scope, named[kind]) if kind in named else None for kind in Invitation.scope_columns}


def has_signed_in(user: User) -> bool:
    """Whether the person has a way in that is their own."""
    return user.last_login is not None or user.has_usable_password()


def invitation_of(secret: str) -> Invitation | None:
    """The invitation that the secret of a link opens at this moment, or None."""
    found = Invitation.objects.select_related("user").filter(digest=digest(secret)).first()
    return found if found is not None and opens(found) else None


def opens(invitation: Invitation) -> bool:
    """Whether its link works: alive, for somebody who has never signed in and holds nothing outside of its scope."""
    user = invitation.user
    alive = invitation.digest and invitation.accepted_at is None and invitation.expires_at > timezone.now()
    if not alive or not user.is_active or has_signed_in(user):
        return False
    invited_from = next((kind for kind in ("project", "team", "organization") if getattr(invitation, f"{kind}_id")), "")
    if not invited_from:
        return True  # by the platform, which holds everything
    if user.is_superuser or PLATFORM[user.platform_role] - PLATFORM["internal_user"]:
        return False
    held = list(Membership.objects.filter(unexpired(), user=user))
    inside = [row for row in held if getattr(row, f"{invited_from}_id") == getattr(invitation, f"{invited_from}_id")]
    closure = [row for row in held if row not in inside and is_closure(row, invitation)]
    return bool(inside) and len(inside) + len(closure) == len(held)


def is_closure(row: Membership, invitation: Invitation) -> bool:
    """Whether this is the plain membership of the organization that comes with being invited to what is in it."""
    here = row.scope_key == ("organization", invitation.organization_id)
    return here and is_reader(row)


@service
def accept_invitation(actor: Actor, invitation: Invitation, *, person: User, password: str) -> User:
    """Take up the offer with a password of one's own; the link is spent, and so are all others of this person.

    For the invited person only. Raises PermissionDenied, DeadLink, and ValidationError ("password").
    """
    policy.require(actor, Action.CHANGE_PROFILE, person)
    if not is_oneself(actor, person) or invitation.user_id != person.pk:
        raise DeadLink
    invitation.user = person  # the locked row: two browsers, one password
    if not opens(invitation):
        raise DeadLink
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error
    person.set_password(password)
    person.updated_by = actor.label
    person.save(update_fields=["password", "updated_by", "updated_at"])
    Invitation.objects.filter(user=person, accepted_at=None).update(digest=None)
    invitation.digest, invitation.accepted_at, invitation.updated_by = None, timezone.now(), actor.label
    invitation.save()
    audit.record(actor, "invitation.accepted", invitation, user=person.public_id)
    return person


@service
def update_invitation(actor: Actor, invitation: Invitation, *, expires_at: datetime) -> Invitation:
    """Let an invitation end at another time, seven days from now at the latest. Raises Outlives, ValidationError."""
    policy.require(actor, Action.MANAGE_INVITATIONS, invitation)
    require_pending(invitation)
    if not timezone.now() < expires_at <= timezone.now() + LIFE:
        raise ValidationError({"expires_at": "An invitation lives for at most seven days."})
    if expires_at > invitation.expires_at:
        latest = policy.until(actor, lambda asker: policy.require(asker, Action.MANAGE_INVITATIONS, invitation))
        policy.require_within(latest, expires_at, invitation)
    before, invitation.expires_at = invitation.expires_at, expires_at
    invitation.updated_by = actor.label
    invitation.save()
    audit.record(actor, "invitation.updated", invitation, changed={"expires_at": [before, expires_at]})
    return invitation


@service
def revoke_invitation(actor: Actor, invitation: Invitation) -> None:
    """Take the offer back. The person stays what they are; they cannot sign in by this link any more."""
    policy.require(actor, Action.MANAGE_INVITATIONS, invitation)
    require_pending(invitation)
    audit.record(actor, "invitation.deleted", invitation, user=invitation.user.public_id)
    invitation.delete()


def require_pending(invitation: Invitation) -> None:
    if invitation.accepted_at is not None:
        raise Conflict("This invitation was accepted.", code="accepted", obj=invitation)
