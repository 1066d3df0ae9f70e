"""Signing in from a terminal through the browser (RFC 8628): the terminal shows a code, its person types it in.

A session that comes as a bearer key: it acts as its person without a narrower reach, calls no model, has an end, and
goes with the person's other sessions. Two secrets are apart: what the terminal holds never leaves it and is stored as
a hash; what is typed opens nothing by itself, works once, within ten minutes, and stands in no address, so that no
link signs in whoever sent it.
"""

import secrets
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from keys.models import Key, TerminalSignIn
from keys.services import archive_key, draft, finish
from rbacadmin import audit, policy
from rbacadmin.errors import NotFound
from rbacadmin.limits import parse_duration
from rbacadmin.models import fold
from rbacadmin.policy import Action, Actor, Origin
from rbacadmin.service import service
from rbacadmin.throttling import spend
from teams.models import User

LIFE = timedelta(minutes=10)  # of the codes
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels, hence no words, and no digits to take for letters (RFC 8628 6.1)
LENGTH = 8  # 20 ** 8 codes = 34 bits; guesses are counted, `TRIES`
TRIES = {"most": 10, "seconds": 600}  # of one person at codes, looked at or answered
INTERVAL = 5  # seconds between two looks, and what a look that came too soon adds to them
SLOWEST = 60
SHOWN = 100  # characters of a machine's name
UNKNOWN = "There is no such sign-in, or its key was handed out already."
NAMELESS = "a machine without a name"


class Waiting(Exception):
    """No key yet, or never. `code` is RFC 8628's word for it, `interval` how long to wait before the next look."""

    def __init__(self, code: str, words: str, interval: int = INTERVAL) -> None:
        super().__init__(words)
        self.code = code
        self.interval = interval


class NoSuchCode(NotFound):
    """One answer for codes that never were, were used, or are too old."""

    def __init__(self) -> None:
        super().__init__("code", "")

    def __str__(self) -> str:
        return "No terminal waits with this code. A code works once, for ten minutes."


def digest(secret: str) -> str:
    """The keyed hash under which a terminal's secret is stored, 64 hex characters."""
    return salted_hmac("keys.terminal", secret, algorithm="sha256").hexdigest()


def name_of(host: str) -> str:
    """A machine's name as it may be shown: one line of printable characters."""
    plain = "".join(letter for letter in host if letter.isprintable()).strip()[:SHOWN]
    return plain if fold(plain) else NAMELESS


def code_of(typed: str) -> str:
    """A code as people type it: in any case, with or without what stands between."""
    return "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())


def begin(host: str, ip: str | None) -> tuple[TerminalSignIn, str]:
    """A terminal asks; returns what it waits for and its secret. Nobody is signed in yet, so there is no actor."""
    forget_unanswered()
    secret = secrets.token_urlsafe(32)
    waiting = TerminalSignIn(
        device_digest=digest(secret), user_code=free_code(), host=name_of(host), ip=ip, expires_at=timezone.now() + LIFE
    )
    waiting.save(force_insert=True)
    return waiting, secret


def free_code() -> str:
    """A code that no other terminal shows."""
    while True:
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        if not TerminalSignIn.objects.filter(user_code=code).exists():
            return code


def forget_unanswered() -> int:
    """Delete what came to nothing and is too old to."""
    return TerminalSignIn.objects.filter(expires_at__lte=timezone.now(), key=None).delete()[0]


def asking(actor: Actor, user: User, *, code: str) -> TerminalSignIn:
    """The terminal that shows this code, for the person to look at before they answer. Raises NoSuchCode, TooMany."""
    policy.require(actor, Action.CHANGE_PROFILE, user)
    count_try(user)
    return waiting_with(code)


def count_try(user: User) -> None:
    """Count one code that a person typed, whatever it was: so many, and none is tried any more. Raises TooMany."""
    spend("terminal-code", str(user.pk), **TRIES)


def waiting_with(typed: str) -> TerminalSignIn:
    """The terminal that shows this code at this moment. Raises NoSuchCode."""
    code = code_of(typed)
    alive = TerminalSignIn.objects.filter(user_code=code, answer="", expires_at__gt=timezone.now())
    found = alive.first() if len(code) == LENGTH else None
    if found is None:
        raise NoSuchCode
    return found


@service
def answer_terminal(actor: Actor, user: User, *, code: str, approve: bool) -> TerminalSignIn:
    """Let the terminal that shows this code act as oneself, or not. The code is spent either way.

    Only a person in a browser answers: no key lets another one in. Raises PermissionDenied, NoSuchCode, TooMany.
    """
    policy.require(actor, Action.CHANGE_PROFILE, user)
    if actor.user_id != user.pk or actor.key is not None:
        raise NoSuchCode
    count_try(user)
    found = TerminalSignIn.objects.select_for_update(of=("self",)).get(pk=waiting_with(code).pk)
    if found.answer:
        raise NoSuchCode
    found.user, found.user_code = user, None
    found.answer = TerminalSignIn.Answer.APPROVED if approve else TerminalSignIn.Answer.REFUSED
    found.save()
    event = "user.terminal_approved" if approve else "user.terminal_refused"
    audit.record(actor, event, user, host=found.host, asked_from=found.ip)
    return found


def collect(secret: str, origin: Origin) -> tuple[Key, str]:
    """The key of a terminal that was let in, with its secret, once. Raises Waiting."""
    known = TerminalSignIn.objects.filter(device_digest=digest(secret))
    first = known.values("user_id").first()
    if first is None:  # asked first: who makes codes up takes no lock
        raise Waiting("invalid_grant", UNKNOWN)
    with transaction.atomic():
        # The person before what is theirs, in the order of everything that signs them out.
        list(User.objects.select_for_update(of=("self",), no_key=True).filter(pk=first["user_id"]))
        found = known.select_for_update(of=("self",)).select_related("user").first()
        if found is None:
            raise Waiting("invalid_grant", UNKNOWN)
        outcome = standing(found, first["user_id"])
        if outcome is None and found.user is not None:
            made = open_terminal(Actor.for_user(found.user, origin), found.user, host=found.host)
            found.key, found.device_digest = made[0], None
        found.polled_at = timezone.now()
        found.save()  # also of a look that came too soon: it is what makes the next one wait longer
    if outcome is not None:
        raise outcome
    return made


def standing(found: TerminalSignIn, person: UUID | None) -> Waiting | None:
    """Why there is no key to hand out at this look; None when there is one. `person` is who is locked."""
    now = timezone.now()
    if found.expires_at <= now:
        return Waiting("expired_token", "The code was not used within ten minutes.")
    if found.polled_at is not None and now < found.polled_at + timedelta(seconds=found.interval):
        found.interval = min(found.interval + INTERVAL, SLOWEST)
        return Waiting("slow_down", f"Look every {found.interval} seconds.", found.interval)
    if not found.answer or found.user_id != person:
        return Waiting("authorization_pending", "Nobody has answered yet.", found.interval)
    if found.answer == TerminalSignIn.Answer.REFUSED or found.user is None or not found.user.is_active:
        return Waiting("access_denied", "The sign-in was refused.")
    return None


@service
def open_terminal(actor: Actor, user: User, *, host: str) -> tuple[Key, str]:
    """The key of a sign-in to which the person agreed. It follows their rights of each moment."""
    policy.require(actor, Action.CHANGE_PROFILE, user)
    values = {"alias": free_alias(f"rbacctl on {host}"), "expires_at": timezone.now() + life()}
    return finish(actor, draft(actor, Key.Kind.TERMINAL, user=user, **values))


def free_alias(name: str) -> str:
    """The name, with a few letters behind it where another key has it: two people call their machines alike."""
    taken = Key.objects.filter(alias_key=fold(name), organization=None).exists()
    return f"{name} ({secrets.token_hex(3)})" if taken else name


def life() -> timedelta:
    """How long a terminal stays signed in: as configured, within what bounds every key."""
    chosen, bounds = timedelta(days=settings.TERMINAL_DAYS), settings.KEY_BOUNDS
    return min(chosen, parse_duration(bounds.duration)) if bounds and bounds.duration else chosen


@service
def end_terminal(actor: Actor, key: Key) -> None:
    """Sign out a terminal: one's own, whatever one's role lets one do with keys. Raises PermissionDenied, NotFound."""
    if not key.is_session or key.user is None:
        raise NotFound("sign-in from a terminal", key.public_id)
    policy.require(actor, Action.CHANGE_PROFILE, key.user)
    archive_key(actor, key, because="signed out")


def end_terminals_of(actor: Actor, user: User) -> None:
    """A person who is signed out everywhere is so in terminals, too."""
    for key in Key.objects.select_for_update(of=("self",)).filter(user=user, kind=Key.Kind.TERMINAL).order_by("pk"):
        archive_key(actor, key, because="signed out everywhere")
    TerminalSignIn.objects.filter(user=user, key=None).delete()  # approved, and not collected yet
