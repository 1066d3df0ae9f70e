"""The cold path: from a token to a Caller, through the ORM and the policy. One truth, read when it is not in memory."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import quote

from django.conf import settings
from django.db import transaction

from gateway.admission import evict, soft_budgets
from gateway.admission.caller import Caller, Owned
from gateway.admission.caps import narrow, of_roles
from gateway.admission.decision_log import of_key
from gateway.admission.open_calls import open_of
from gateway.admission.refusals import Refusal, Refused, unauthenticated
from gateway.admission.standing import blocked_level, ends_of_grants, refused_to_key
from gateway.admission.tokens import filled, levels_of_token, refusal_of
from gateway.effective import brought_by, callable_of, narrowed
from gateway.ledger.connecting import connected
from gateway.ledger.recording import recorder
from gateway.ledger.usage import Parties, memberships_of, parties_of
from gateway.levels import Level, in_force, levels_of_key, member_of, with_person
from gateway.ownerships import groups_now
from keys.actors import AuthenticationFailed, flaw_of, is_master, known_key, require_live
from keys.models import Key
from keys.secrets import stored
from keys.tokens import TokenRefused, looks_like_token, principal_for
from rbacadmin.policy import Actor
from teams.models import Membership, User

STALE_AFTER = 60.0  # seconds: the last resort, when a change reached nobody
NEVER = float("inf")
RELATED = ("user", "team", "project", "organization")


def remembered_as(token: str, team: str) -> str:
    """What a token is remembered by; with a chosen team it is another caller. No header holds a line's end."""
    return f"{token}\n{team}" if team else token


def caller_of(token: str, now: float, team: str = "") -> Caller:
    """The caller of a token that is not in memory. Raises Refused (401)."""
    if is_master(token):
        return master()
    key = evict.digest(remembered_as(token, team))
    if (away := refused_at_sight(token, key, now)) is not None:
        raise away
    with alone(key):
        found = evict.callers.get(key)
        if found is not None and now < found.fresh_until:
            return found
        began = evict.generation
        try:
            caller = connected(lambda: read_token(token, now, team) if is_token(token) else read(token, now))
        except TokenRefused as error:
            refused = refusal_of(error)
            if may_be_kept() and error.status == 401:
                evict.store_unknown(key, refused, now, began)
            raise refused from None
        except AuthenticationFailed as error:
            turned_away = Refused(unauthenticated(error.code, error.message))
            if may_be_kept():
                evict.store_unknown(key, turned_away, now, began)
            raise turned_away from None
        except Refused as refused:
            if may_be_kept():
                evict.store_unknown(key, refused, now, began)
            raise
        if may_be_kept():
            evict.store(key, caller, began)
        return caller


def refused_at_sight(token: str, key: bytes, now: float) -> Refused | None:
    """Why a token, remembered by `key`, is turned away without a look-up: it is no key, or nobody's a moment ago."""
    if not is_token(token) and (flaw := flaw_of(token)) is not None:
        return Refused(unauthenticated(*flaw))
    remembered = evict.unknown.get(key)
    if remembered and remembered[0] > now:
        return Refused(remembered[1].refusal, remembered[1].of)
    return None


def may_be_kept() -> bool:
    """What was read inside a transaction may be rolled back with it."""
    return not transaction.get_connection().in_atomic_block


_flights: dict[bytes, threading.Lock] = {}
_flights_lock = threading.Lock()


@contextmanager
def alone(key: bytes) -> Iterator[None]:
    """One look-up of a token at a time: who comes meanwhile waits and finds it done."""
    with _flights_lock:
        lock = _flights.setdefault(key, threading.Lock())
    try:
        with lock:
            yield
    finally:
        with _flights_lock:
            _flights.pop(key, None)


def master() -> Caller:
    """The master key: nothing binds it."""
    caller = Caller("master", Actor.master().label)
    caller.headers = (("x-rbacadmin-principal", "master"),)
    return caller


def read(token: str, now: float) -> Caller:
    """The caller as the database has it. Raises AuthenticationFailed."""
    key = known_key(token, RELATED)
    caller = of_row(key, now)
    recorder.touch(key.pk, now)
    if key.token != stored(token):
        caller.fresh_until = min(caller.fresh_until, timestamp(key.previous_until))
    return caller


def of_row(key: Key, now: float) -> Caller:
    """The caller that presents this key, with `RELATED` read along. Raises Refused (401)."""
    try:
        require_live(key)
    except AuthenticationFailed as error:
        raise Refused(Refusal(401, error.code, error.message, "key", str(key.pk)), of_key(key)) from None
    actor, member = Actor.for_key(key), member_of(key)
    levels = levels_of_key(key, member)
    person = key.person
    caller = caller_at(levels, person, Caller("key", key.label))
    caller.key_id, caller.user_id = key.pk, key.user_id
    caller.standing = blocked_level(levels) or refused_to_key(key, actor)
    caller.aliases = {**(key.team.model_aliases if key.team else {}), **key.aliases}
    caller.allowed_routes, caller.excluded = tuple(key.allowed_routes), key.excluded_from_rate_limiting
    narrow(caller, of_roles(caller, actor))
    caller.tags, caller.metadata = tuple(key.tags), key.metadata
    caller.parties = parties_of(key, memberships_of([key]))
    caller.headers = (("x-rbacadmin-key-id", key.public_id), *caller.headers, *soft_budgets.header(caller.levels, now))
    caller.open = open_of(caller.holder)
    caller.expires_at = timestamp(key.expires_at)
    ends = [caller.expires_at, now + STALE_AFTER, *ends_of(levels, now)]
    memberships = []
    if person is not None:
        memberships = [*Membership.objects.filter(user=person).values_list("pk", "expires_at")]
        ends += [end for _, at in memberships if (end := timestamp(at)) > now]
    caller.fresh_until = min([*ends, *ends_of_grants(actor)])
    caller.entities |= {key.pk, *(pk for pk, _ in memberships)} | ({key.user_id} if key.user_id else set())
    return caller


def is_token(token: str) -> bool:
    """Whether the bearer is a JWT, where those are accepted."""
    return looks_like_token(token) and bool(settings.JWT_ISSUERS)


def read_token(token: str, now: float, team: str) -> Caller:
    """The caller of a JWT. Raises TokenRefused."""
    principal = principal_for(token).in_team(team)
    levels = levels_of_token(principal)
    caller = filled(caller_at(levels, principal.user, Caller("token", principal.subject)), principal, levels)
    caller.parties = Parties(
        user_id=caller.user_id,
        membership_id=caller.membership_id,
        team_id=caller.team_id,
        organization_id=caller.organization_id,
    )
    caller.open = open_of(caller.holder)
    caller.headers += soft_budgets.header(caller.levels, now)
    caller.fresh_until = min(caller.fresh_until, caller.expires_at, now + STALE_AFTER, *ends_of(levels, now))
    return caller


def caller_at(levels: tuple[Level, ...], person: User | None, caller: Caller) -> Caller:
    """Put levels under a caller: what they cover, whose they are. `person` is whose rates bind besides. 3 queries."""
    groups = groups_now()
    rated = in_force(with_person(levels, person))
    levels = tuple(rated[: len(levels)])
    caller.levels, caller.rated, caller.groups = levels, tuple(rated), groups
    caller.covered, _cut_by = narrowed(levels, groups)
    caller.own = tuple(
        Owned(row, names) for row, names in callable_of(brought_by(levels, blocked=True), levels, groups)
    )
    for level in rated:
        name = {"member": "membership_id"}.get(level.kind, f"{level.kind}_id")
        setattr(caller, name, level.row.pk)
    caller.entities = frozenset(level.row.pk for level in rated)
    caller.headers = tuple(
        (f"x-rbacadmin-{level.kind}-id", carried(level.row.public_id))
        for level in rated
        if level.kind in ("team", "project", "organization", "user")
    )
    return caller


def carried(ident: str) -> str:
    """An id as a header can carry it: what is not ASCII, or not printable, is escaped as in addresses.

    So is a percent sign, or one id could look like another one that is escaped.
    """
    plain = ident.isascii() and ident.isprintable() and "%" not in ident
    return ident if plain else quote(ident, safe=" @:/+=,;!#$&'()*[]|~^{}<>?")


def ends_of(levels: Iterable[Level], now: float) -> Iterator[float]:
    """When what the levels say changes by itself: temporary budgets end."""
    for level in levels:
        if (end := timestamp(level.row.temp_budget_until)) > now:
            yield end


def timestamp(moment: datetime | None) -> float:
    return NEVER if moment is None else moment.timestamp()
