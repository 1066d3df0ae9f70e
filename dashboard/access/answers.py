"""Decisions in words: reasons with the names of scopes, and the changes that would turn them round."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.templatetags.times import exact
from rbacadmin import policy
from rbacadmin.policy import Action, Actor, Decision
from rbacadmin.policy.decision import Reason, ScopeKey
from rbacadmin.policy.flip import Flip, ways_in, who_can_make
from rbacadmin.policy.scopes import scope_models
from teams.models import ROLE_LABELS

NAMED = 3
SENTENCES: dict[str, Any] = {
    "platform": gettext_lazy("The platform role %(role)s: %(meaning)s."),
    "owner": gettext_lazy("It is theirs: %(what)s."),
    "grant": gettext_lazy("Given on %(where)s to a team of theirs."),
    "role": gettext_lazy("%(role)s of %(where)s."),
}


@dataclass(frozen=True)
class Way:
    """A change in words, and who can make it, as far as the asker may see them."""

    text: str
    needed: bool
    people: Sequence[str]


def scope_names(actor: Actor, keys: Iterable[ScopeKey]) -> dict[ScopeKey, Any]:
    """The scopes that the actor can see, by key. At most one query for each kind."""
    wanted = set(keys)
    found: dict[ScopeKey, Any] = {}
    for kind, model in scope_models().items():
        ids = [pk for known, pk in wanted if known == kind]
        if ids:
            rows = model._default_manager.filter(pk__in=ids)
            seen: Any = policy.visible(actor, model.view_action, rows)  # type: ignore[attr-defined]
            found.update({(kind, row.pk): row for row in seen})
    return found


def reasons_in_words(actor: Actor, decision: Decision) -> list[str]:
    """Why it is allowed, one sentence each, with its end. Scopes that the asker cannot see were left out before."""
    scopes = scope_names(actor, [reason.scope for reason in decision.reasons if reason.scope])
    return [reason_in_words(reason, scopes) for reason in decision.reasons]


def reason_in_words(reason: Reason, scopes: dict[ScopeKey, Any]) -> str:
    scope = scopes.get(reason.scope) if reason.scope else None
    words = {
        "role": ROLE_LABELS.get(reason.name, reason.name),
        "meaning": policy.meaning(reason.name),
        "where": policy.describe(scope) if scope is not None else _("a scope above"),
        "what": reason.name,
    }
    why: str = SENTENCES[reason.kind] % words
    if reason.until is None:
        return why
    return _("%(why)s Until %(when)s.") % {"why": why, "when": exact(timezone.localtime(reason.until))}


def ways(asker: Actor, person: Actor, action: Action, row: Any) -> list[Way]:
    """What would let the person do it, the smallest change first."""
    flips = ways_in(person, action, row)
    scopes = scope_names(asker, [flip.scope for flip in flips if flip.scope])
    told = [flip for flip in flips if flip.scope is None or flip.scope in scopes]
    return [Way(in_words(flip, scopes), not flip.gives, helpers(asker, flip)) for flip in told]


def in_words(flip: Flip, scopes: dict[ScopeKey, Any]) -> str:
    where = policy.describe(scopes[flip.scope]) if flip.scope else ""
    role = ROLE_LABELS.get(flip.name, flip.name)
    if flip.kind == "unblock":
        return _("Lift the block.")
    if flip.kind == "permission":
        return _("Let the members of %(where)s %(do)s.") % {"where": where, "do": Action(flip.name).label}
    if flip.kind == "role":
        return _("Make them %(role)s of %(where)s.") % {"role": role, "where": where}
    return _("Give them the platform role %(role)s.") % {"role": role}


def helpers(asker: Actor, flip: Flip) -> list[str]:
    people = policy.visible(asker, Action.VIEW_PEOPLE, who_can_make(flip)).order_by("email", "pk")[:NAMED]
    return [person.label for person in people]
