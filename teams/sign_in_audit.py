"""Sign-in, failed sign-in, sign-out and second-factor changes in the audit log (rulebook 26)."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from rbacadmin import audit, lifecycle
from rbacadmin.http import client_ip
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Actor, Origin
from teams.models import User


def origin_of(request: HttpRequest | None) -> Origin:
    if request is None:
        return Origin()
    return Origin(door="dashboard", ip=client_ip(request), request_id=getattr(request, "id", ""))


def note(event: str, request: HttpRequest | None, user: Any, **details: Any) -> None:
    """An event about oneself. No scope stands in it, so only the person and the platform's people see it."""
    if isinstance(user, User):
        audit.write(Actor.for_user(user, origin_of(request)), event, user, {}, details=details)


@receiver(auth.user_logged_in)
def signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    note("session.started", request, user)


@receiver(auth.user_logged_out)
def signed_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    note("session.ended", request, user)


@receiver(auth.user_login_failed)
def failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """Names the address that was tried, whether or not somebody has it; never what was typed as a password."""
    refused_sign_in(request, str(credentials.get("email") or credentials.get("username") or ""))


def refused_sign_in(request: HttpRequest | None, address: str, **details: Any) -> None:
    """A sign-in that did not go, about the person whose address was tried, where there is one."""
    tried = address.lower().replace("\0", "")[:254]
    user = User.objects.filter(email=tried).first() if tried else None
    refused = AuditEvent.Outcome.REFUSED
    audit.write(
        Actor.nobody(origin_of(request)),
        "session.start",
        user,
        {},
        outcome=refused,
        status=401,
        details={"email": tried, **details},
    )


@receiver(account.password_changed)
@receiver(account.password_set)
@receiver(account.password_reset)
def password_changed(request: HttpRequest, user: User, **_: Any) -> None:
    """A stored row changes, so machines hear of it too, as when the password is changed over the API.

    Browsers that know the old one are out by themselves; terminals are not.
    """
    actor = Actor.for_user(user, origin_of(request))
    audit.record(actor, "user.password_changed", user)
    with transaction.atomic():
        for follow in lifecycle.on_sign_out:
            follow(actor, user)


@receiver(mfa.authenticator_added)
@receiver(mfa.authenticator_removed)
@receiver(mfa.authenticator_reset)
def second_factor_changed(signal: Any, request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    names = {mfa.authenticator_added: "added", mfa.authenticator_removed: "removed", mfa.authenticator_reset: "reset"}
    note(f"user.second_factor_{names[signal]}", request, user, kind=str(authenticator.type))
