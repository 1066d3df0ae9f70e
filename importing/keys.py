"""Writing keys. Their secret comes over only where nobody gains by it."""

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from importing.fitting import fitted
from importing.found import FoundKey
from importing.run import Run, apart, block_too, differences, named_apart, scope_of, settle
from keys.models import Key
from keys.parents import home_of, parents_of
from keys.services import block_key, update_key
from keys.taking_over import take_over_key
from rbacadmin.policy.actor import unexpired
from teams.models import Membership, User

KEPT, NEW = "keeps its secret", "needs a new secret"


def bring_key(run: Run, found: FoundKey) -> str:
    """A key with its facts. Returns `created`, `same`, `changed` or `differs`."""
    say = partial(run.report.note, "key", found.ident)
    row = Key.objects.filter(public_id=found.public_id).first()
    places = places_of(run, found)
    if row is not None:
        owner, home = row.user if row.kind == Key.Kind.PERSONAL else None, row.organization
    else:
        owner = owner_of(run, found, places)
        home = home_of(run.actor, owner, places["team"], places["project"], places["organization"])
    values = fitted(found.values, parents_of(Key(user=owner, **{**places, "organization": home})), say)
    if found.expires_at is not None:
        values["expires_at"] = found.expires_at
    if row is not None:
        return compare(run, found, row, values)
    fingerprint = found.fingerprint
    if fingerprint is not None and found.owner in run.known_before:
        say("its owner was here before, and may be more here than there: it needs a new secret.")
        fingerprint = None

    def make(alias: str) -> Key:
        kind = Key.Kind.SERVICE if found.service else Key.Kind.PERSONAL
        more: dict[str, Any] = {**places, **values, "alias": alias, "kind": kind, "hint": found.hint}
        return take_over_key(run.actor, fingerprint=fingerprint, public_id=found.public_id, owner=owner, **more)

    key = named_apart(found.alias, found.public_id, say, make)
    if found.blocked:
        block_key(run.actor, key)
    run.report.secrets[found.ident] = NEW if fingerprint is None else KEPT
    return "created"


def places_of(run: Run, found: FoundKey) -> dict[str, Any]:
    """Where the key lives. Raises ValidationError when that did not come."""
    return {
        kind: scope_of(run, kind, ident) if ident else None
        for kind, ident in (("team", found.team), ("project", found.project), ("organization", found.organization))
    }


def owner_of(run: Run, found: FoundKey, places: dict[str, Any]) -> User | None:
    """Whose key it is: nobody's, where its owner is not in the team or project that it lives in."""
    if not found.owner:
        return None
    owner = run.people.get(found.owner)
    if owner is None:
        raise ValidationError("Its owner did not come.")
    inside = Membership.objects.filter(unexpired(), user=owner)
    for kind, scope in places.items():
        if scope is None or inside.filter(group_id=scope.group_id).exists():
            continue
        if kind == "organization":
            raise ValidationError(f"Its owner {found.owner} is not in its organization.")
        run.report.note("key", found.ident, f"its owner {found.owner} is not in the {kind}; comes without an owner.")
        return None
    return owner


def compare(run: Run, found: FoundKey, row: Key, values: dict[str, Any]) -> str:
    """A key that came before."""
    changes = differences(row, values)
    if row.alias not in (found.alias, apart(found.alias, found.public_id)):
        changes["alias"] = found.alias
    if found.expires_at is not None and found.expires_at < timezone.now():
        changes.pop("expires_at", None)  # over and done with on both sides
    outcome = settle(run, "key", found.ident, row, changes, update_key)
    if found.blocked and not row.blocked:
        say = partial(run.report.note, "key", found.ident)
        return block_too(run, outcome, say, lambda: block_key(run.actor, row))
    return outcome
