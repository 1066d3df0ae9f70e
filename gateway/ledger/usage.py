"""What one call used, before it is written, and everything that it counts for."""

import uuid
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from keys.models import Key
from rbacadmin import money

if TYPE_CHECKING:
    from gateway.ledger.purse import Purse

# Under which names become ids: a tag and an end user of the same name are two things.
NAMES = {
    "tag": UUID("8a2e4c0b-6d3f-4c36-9a5e-5f1b3c7d2e10"),
    "customer": UUID("3f6b9d52-0c8a-4e7d-8b1f-92d4a6e05c71"),
    "model": UUID("c1d7e0a4-5b92-4f1e-8a36-7e4b0d9f2c58"),
}

OTHER = "(other)"  # for names beyond those that are counted by themselves
NO_ORGANIZATION = UUID(int=0)  # whose names are those of keys outside of every organization

BIGGEST = 2**40  # tokens of one call
DEAREST = 10**4 * money.NANO  # one call: more than ten thousand dollars is a mistake, or made up by a provider
LONGEST_ROUTE = 128

Counted = tuple[str, UUID]  # kind and id
Named = tuple[UUID, str, str]  # organization, kind and name


class Parties(NamedTuple):
    """Whom a call counts for: ids of rows, found once for each caller."""

    key_id: UUID | None = None
    user_id: UUID | None = None
    membership_id: UUID | None = None
    project_membership_id: UUID | None = None
    team_id: UUID | None = None
    project_id: UUID | None = None
    organization_id: UUID | None = None


KINDS = ("key", "user", "membership", "membership", "team", "project", "organization")  # of the fields of Parties


@dataclass(frozen=True, slots=True)
class Event:
    """A call that is over. `cost` is nano-dollars; `purses` are those that it was paid from.

    `own`: of a team's own model, so that only budgets within the team pay (`pays`). `entry`: what the catalog calls the
    model, such as a wildcard; empty where the catalog has none.
    """

    request_id: str
    parties: Parties
    model: str
    started_at: datetime
    ended_at: datetime
    cost: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    status: str = "success"
    route: str = ""
    deployment_id: UUID | None = None
    customer: str = ""
    tags: tuple[str, ...] = ()
    purses: tuple["Purse", ...] = ()
    own: bool = False
    entry: str = ""


@lru_cache(maxsize=10_000)
def id_of_name(kind: str, name: str) -> UUID:
    """The id under which a tag or an end user is counted."""
    return uuid.uuid5(NAMES[kind], name)


def names_of(event: Event) -> dict[tuple[str, str], None]:
    """The tags and the end user of a call, by kind and name, each once and in order."""
    found = [("tag", tag) for tag in event.tags]
    return dict.fromkeys([*found, ("customer", event.customer)] if event.customer else found)


def chosen(event: Event) -> Iterator[tuple[str, str]]:
    """Every name that the caller chose, by kind and name: also the model's, where the catalog has it by another."""
    yield from names_of(event)
    if event.model != event.entry:
        yield "model", event.model


def model_counted(event: Event, beyond: Container[Named]) -> str:
    """The model that days count the call under: the catalog's entry in the place of a name that is `beyond`."""
    organization = event.parties.organization_id or NO_ORGANIZATION
    return event.entry or OTHER if (organization, "model", event.model) in beyond else event.model


def counted_by_name(event: Event, beyond: Container[Named] = ()) -> dict[tuple[str, str], None]:
    """The same, with `OTHER` in the place of what is `beyond` the names that count by themselves."""
    organization = event.parties.organization_id or NO_ORGANIZATION
    return dict.fromkeys(
        (kind, OTHER if (organization, kind, name) in beyond else name) for kind, name in names_of(event)
    )


def counted_for(event: Event, beyond: Container[Named] = ()) -> Iterator[Counted]:
    """Everything that the call counts for, each thing once."""
    for kind, pk in zip(KINDS, event.parties, strict=True):
        if pk is not None:
            yield kind, pk
    for kind, name in counted_by_name(event, beyond):
        yield kind, id_of_name(kind, name)


def pays(event: Event, pk: UUID) -> bool:
    """Whether the budget of this row pays for the call, which counts for it in any case.

    Whoever brings a model types its price, and their upstream says how many tokens a call had. So the budgets of an
    organization, a project, a person and an end user, which others share, pay nothing for a team's own model.
    """
    parties = event.parties
    return not event.own or pk in (parties.key_id, parties.membership_id, parties.team_id)


def parties_of(key: Key, memberships: Mapping[tuple[UUID, UUID], UUID]) -> Parties:
    """Whom the calls of a key count for. `memberships`: (person, team or project) -> membership."""
    person = key.user_id if key.kind == Key.Kind.PERSONAL else None

    def member(scope: UUID | None) -> UUID | None:
        return memberships.get((person, scope)) if person and scope else None

    return Parties(
        key.pk, person, member(key.team_id), member(key.project_id), key.team_id, key.project_id, key.organization_id
    )


def memberships_of(keys: Iterable[Any]) -> dict[tuple[UUID, UUID], UUID]:
    """The memberships of the keys' owners, for `parties_of`. One query."""
    from teams.models import Membership

    people = {key.user_id for key in keys if key.user_id}
    rows = Membership.objects.filter(user_id__in=people).values_list("pk", "user_id", "team_id", "project_id")
    return {(user, scope): pk for pk, user, team, project in rows if (scope := team or project)}
