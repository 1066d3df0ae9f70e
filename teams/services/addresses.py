"""The address that somebody signs in with, and is known by to single sign-on, tokens and whoever adds people.

An administrator names addresses, as when they add people. One's own new address counts when the link in a mail to it
was opened, where mail is configured: else anybody could be known by a colleague's address, and be added in their place.
"""

from allauth.account.models import EmailAddress
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from rbacadmin import audit, policy
from rbacadmin.conf import conf
from rbacadmin.errors import Duplicate, NotFound
from rbacadmin.policy import Action, Actor
from rbacadmin.service import service
from rbacadmin.throttling import spend
from teams.address_mail import send_confirmation
from teams.models import Invitation, User
from teams.services.passwords import is_oneself, require_current_password, require_may_become
from teams.services.people import clean_ident
from teams.services.sessions import end_sessions

SALT = "teams.services.addresses"
LIFE = 24 * 3600  # seconds that a link works
MAILS = {"most": 10, "seconds": 3600}  # that one person has sent to addresses of their choice


class DeadAddressLink(NotFound):
    """One answer for links that never were, were used, are too old, or are another person's."""

    def __init__(self) -> None:
        super().__init__("address", "")

    def __str__(self) -> str:
        return "This link does not work: it was used before, is too old, or is for another account."


@service
def change_email(actor: Actor, user: User, *, email: str | None, current_password: str | None = None) -> User:
    """Change the address that somebody signs in with; nothing else writes it once a person is there.

    Somebody else's takes an administrator, and counts at once. One's own takes the current password; where mail is
    configured the person comes back with the address as it was, and a link goes to the new one (`confirm_email`).
    Raises PermissionDenied, WrongPassword, TooMany, Duplicate, ValidationError.
    """
    if (email or "").strip().lower() == (user.email or ""):
        return user  # sent back as it was: asks for nothing
    if is_oneself(actor, user):
        policy.require(actor, Action.CHANGE_PROFILE, user)
        require_current_password(user, current_password)
    else:
        policy.require(actor, Action.CHANGE_PEOPLE, user)
        require_may_become(actor, user)  # who has the mailbox can sign in
    address = clean_address(email)
    require_free_address(user, address)
    if is_oneself(actor, user) and conf.email_url:
        spend("address", str(user.pk), **MAILS)
        audit.write(actor, "user.email_asked", user, {}, details={"email": address})
        token = token_for(user, address)
        transaction.on_commit(lambda: send_confirmation(user, address, token))
        return user
    return store_address(actor, user, address)


@service
def confirm_email(actor: Actor, user: User, *, token: str) -> User:
    """Let the address count that the token in a mail to it names. For the person themselves, once.

    Raises PermissionDenied, DeadAddressLink, Duplicate when somebody else has come to it meanwhile.
    """
    policy.require(actor, Action.CHANGE_PROFILE, user)
    address = address_of(user, token) if is_oneself(actor, user) else None
    if address is None:
        raise DeadAddressLink
    require_free_address(user, address)
    return store_address(actor, user, address)


def store_address(actor: Actor, user: User, address: str) -> User:
    """Write it. Sessions end, links that went to the old address open nothing any more."""
    before, user.email, user.updated_by = user.email, address, actor.label
    if "@" in user.public_id:
        user.public_id = address
    user.full_clean(exclude=["password", "public_id"], validate_unique=False, validate_constraints=False)
    user.save()
    EmailAddress.objects.filter(user=user).delete()  # allauth would go on accepting the old one
    Invitation.objects.filter(user=user, accepted_at=None).update(digest=None)
    end_sessions(actor, user)
    audit.record(actor, "user.email_changed", user, changed={"email": [before, address]})
    return user


def token_for(user: User, address: str) -> str:
    """What the link in the mail holds: signed, and used up by what it changes (the address, or the password)."""
    return signing.dumps({"user": str(user.pk), "address": address, "now": state_of(user)}, salt=SALT)


def address_of(user: User, token: str) -> str | None:
    """The address that the token lets this person have, or None."""
    try:
        held = signing.loads(token, salt=SALT, max_age=LIFE)
    except signing.BadSignature:
        return None
    same = held["user"] == str(user.pk) and constant_time_compare(held["now"], state_of(user))
    return str(held["address"]) if same else None


def state_of(user: User) -> str:
    """Changes with the address and the password."""
    return salted_hmac(SALT, f"{user.email}\0{user.password}", algorithm="sha256").hexdigest()


def clean_address(email: str | None) -> str:
    """The address in lower case. Raises ValidationError."""
    if not email or "@" not in email:
        raise ValidationError({"email": f"'{email or ''}' is not an e-mail address."})
    try:
        return clean_ident(email)
    except ValidationError as error:
        raise ValidationError({"email": error.messages}) from error


def require_free_address(user: User, address: str) -> None:
    """Raise Duplicate when somebody else signs in with the address, or is known by it."""
    others = User.objects.exclude(pk=user.pk).filter(User.named(address))
    if others.exists() or EmailAddress.objects.exclude(user=user).filter(email__iexact=address).exists():
        raise Duplicate("email", f"There is a user '{address}' already.")
