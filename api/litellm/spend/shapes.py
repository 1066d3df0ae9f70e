"""Counts as LiteLLM writes them, and whose they are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from api.litellm.keys import calls as keys
from api.litellm.keys.rows import KEYS
from api.litellm.shown import Row
from api.litellm.users.rows import PEOPLE
from gateway.spending import Counts, Ledger, Line, added, ledger_of, visible_keys
from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin import money, policy
from rbacadmin.policy import Action, Actor
from teams.models import Team, User

SCOPES: dict[str, Any] = {"team_id": Team, "project_id": Project, "organization_id": Organization}


def dollars(nano: int) -> float:
    return money.to_number(nano) or 0.0


def tokens(counts: Counts) -> int:
    return counts["prompt_tokens"] + counts["completion_tokens"]


def metrics(counts: Counts) -> Row:
    """Counts under LiteLLM's names. What a cache saved is not counted here."""
    return {
        "spend": dollars(counts["spend"]),
        "prompt_tokens": counts["prompt_tokens"],
        "completion_tokens": counts["completion_tokens"],
        "cache_read_input_tokens": 0,
        "cache_creation_input_tokens": 0,
        "total_tokens": tokens(counts),
        "successful_requests": counts["requests"] - counts["failures"],
        "failed_requests": counts["failures"],
        "api_requests": counts["requests"],
    }


def grouped(groups: Iterable[Line], name: str) -> dict[Any, list[Line]]:
    found: dict[Any, list[Line]] = defaultdict(list)
    for group in groups:
        found[group[name]].append(group)
    return found


def costliest(groups: Iterable[Line], name: str) -> list[tuple[Any, Counts]]:
    """The groups by one column, those that cost most first."""
    found = [(key, added(parts)) for key, parts in grouped(groups, name).items()]
    return sorted(found, key=lambda pair: (-pair[1]["spend"], str(pair[0])))


def find_key(actor: Actor, ident: str) -> Key:
    return keys.find(actor, Action.VIEW_SPEND, ident)


def find_person(actor: Actor, ident: str) -> User:
    """A person whose whole spend one sees: oneself, or anybody for the platform's people."""
    return policy.find(actor, Action.VIEW_SPEND, PEOPLE.all(), ident)


def ledger_named(actor: Actor, column: str, ident: str) -> tuple[Any, Ledger]:
    """The entity that a parameter names, and its lines or one's own part of them (SPD-01 to SPD-04)."""
    if column == "api_key":
        row: Any = find_key(actor, ident)
    elif column == "user_id":
        row = find_person(actor, ident)
    else:
        model = SCOPES[column]
        row = policy.find(actor, model.view_action, model, ident)
    return row, ledger_of(actor, row)


def keys_by_id(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Key]:
    """The keys among these that the actor sees along with what they spent."""
    return {key.pk: key for key in visible_keys(actor, KEYS.filter(pk__in=set(ids)))}
