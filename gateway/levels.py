"""The levels that bind a call (rulebook 15): key, team member, team, project, organization; the user without a team."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from uuid import UUID

from gateway.budgets.in_force import budgets_of, with_budget
from gateway.models import Budget
from gateway.role_limits import with_role_limits
from keys.models import Key
from rbacadmin.policy import Actor
from rbacadmin.policy.actor import unexpired
from rbacadmin.policy.decision import ScopeKey
from teams.models import Membership, Team, User


class Level(NamedTuple):
    """A row with limits, and which kind of level it is: `key`, `member`, `team`, `project`, `organization`, `user`."""

    kind: str
    row: Any

    @property
    def models(self) -> list[str] | None:
        found: list[str] | None = self.row.models
        return found


@dataclass(frozen=True)
class Place:
    """Somewhere that calls come from: the levels that bind them there, the innermost first."""

    levels: tuple[Level, ...]
    scopes: frozenset[ScopeKey] = frozenset()

    @property
    def organization_id(self) -> UUID | None:
        return next((level.row.pk for level in self.levels if level.kind == "organization"), None)

    def lists(self, without: Iterable[str] = ()) -> list[list[str] | None]:
        """The model lists in force here; `without` leaves kinds of level out."""
        return [level.models for level in self.levels if level.kind not in without]


def bound(*levels: tuple[str, Any]) -> tuple[Level, ...]:
    """The levels that exist."""
    found = tuple(Level(kind, row) for kind, row in levels if row is not None)
    return tuple(user_level(level.row) if level.kind == "user" else level for level in found)


def user_level(person: User) -> Level:
    """The level of a person, with their role's limits where they have none of their own."""
    return Level("user", with_role_limits(person))


def levels_of_key(key: Key, member: Membership | None) -> tuple[Level, ...]:
    """What binds the calls of a key. `member` is its owner's membership in its team."""
    person = key.person
    return bound(
        ("key", key),
        ("member", member if key.team_id else None),
        ("team", key.team),
        ("project", key.project),
        ("organization", key.organization),
        ("user", None if key.team_id else person),
    )


def levels_of_member(user: User, membership: Membership) -> tuple[Level, ...]:
    """What binds the calls of a person at a membership."""
    in_team = membership.team_id is not None
    return bound(
        ("member", membership if in_team else None),
        ("team", membership.team),
        ("project", membership.project),
        ("organization", membership.organization),
        ("user", None if in_team else user),
    )


def with_person(levels: Sequence[Level], person: User | None) -> list[Level]:
    """The levels and the person whose rates bind besides, wherever they call from (rulebook 15)."""
    if person is None or any(level.kind == "user" for level in levels):
        return list(levels)
    return [*levels, user_level(person)]


def in_force(levels: Sequence[Level], budgets: Mapping[UUID, Budget] | None = None) -> list[Level]:
    """The levels with what each leaves open filled from the budget that it holds. One query, none with `budgets`."""
    held = budgets_of([level.row for level in levels]) if budgets is None else budgets
    return [Level(level.kind, with_budget(level.row, held.get(level.row.pk))) for level in levels]


def places(actor: Actor) -> list[Place]:
    """Where the actor's calls may come from, within their reach. At most 2 queries, once for each actor."""
    found: list[Place] = remembered(actor, "places", places_of_all)
    return found


def remembered(actor: Actor, name: str, read: Callable[[Sequence[Actor]], Iterable[Any]]) -> Any:
    """A fact about the actor that is read once, as their roles are, and with those of whoever was read beside them."""
    if name not in actor.facts:
        actors = actor.beside or [actor]
        for one, fact in zip(actors, read(actors), strict=True):
            one.facts[name] = fact
    return actor.facts[name]


def places_of_all(actors: Sequence[Actor]) -> list[list[Place]]:
    """Those of people who were read together, or of anybody alone."""
    found = places_of_people(actors) if len(actors) > 1 else [places_of(actors[0])]
    return [within_reach(actor, one) for actor, one in zip(actors, found, strict=True)]


def places_of(actor: Actor) -> list[Place]:
    if actor.key is None:
        return places_of_people([actor])[0] if actor.user else places_of_token(actor)
    if actor.key.reach() is not None:
        return places_of_key(actor, actor.key)
    # bound to nothing: manages all that its owner does, so it is shown what they could use
    key = actor.key
    return [replace(place, levels=(Level("key", key), *place.levels)) for place in places_of_people([actor])[0]]


def places_of_people(actors: Sequence[Actor]) -> list[list[Place]]:
    """A place for each membership. Outside of every organization there is none: leaving one must not free anybody."""
    people = {actor.user_id for actor in actors} - {None}
    rows = Membership.objects.filter(unexpired(), user__in=people).select_related("team", "project", "organization")
    theirs: dict[UUID | None, list[Membership]] = defaultdict(list)
    for row in rows:
        theirs[row.user_id].append(row)
    return [
        [
            Place(levels_of_member(actor.user, row), scopes_of(row))
            for row in theirs[actor.user_id]
            if actor.user is not None and row.scope_key in actor.roles
        ]
        for actor in actors
    ]


def places_of_token(actor: Actor) -> list[Place]:
    """Tokens without a person stand for their team, or for nothing."""
    rows = Team.objects.filter(pk__in=[pk for (_, pk), role in actor.roles.items() if role == "token"]).select_related(
        "organization"
    )
    return [
        Place(bound(("team", team), ("organization", team.organization)), frozenset({("team", team.pk)}))
        for team in rows
    ]


def places_of_key(actor: Actor, key: Key) -> list[Place]:
    """Where the key lives, as long as its owner belongs there (rulebook 17)."""
    reach = key.reach() or frozenset()
    if actor.user is not None and not reach <= set(actor.roles):
        return []
    row = Key.objects.select_related("user", "team", "project", "organization").filter(pk=key.pk).first()
    return [Place(levels_of_key(row, member_of(row)), reach)] if row else []


def member_of(key: Key) -> Membership | None:
    """The membership through which the owner of a key is in its team."""
    if key.user_id is None or key.team_id is None:
        return None
    return Membership.objects.filter(unexpired(), user_id=key.user_id, team_id=key.team_id, project=None).first()


def scopes_of(membership: Membership) -> frozenset[ScopeKey]:
    columns = membership.scope_columns.items()
    return frozenset((kind, pk) for kind, column in columns if (pk := getattr(membership, column)))


def within_reach(actor: Actor, found: list[Place]) -> list[Place]:
    if actor.reach is None:
        return found
    return [place for place in found if not place.scopes or not place.scopes.isdisjoint(actor.reach)]
