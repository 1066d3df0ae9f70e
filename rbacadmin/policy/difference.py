"""What somebody gains and loses by a change: what they hold before, against what they hold after it.

It is the difference of `visible`, for every action over every row; nothing is worked out a second way.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import IntegerField, Value

from rbacadmin.policy.actions import Action
from rbacadmin.policy.actor import Actor
from rbacadmin.policy.applies import ACTIONS_OF, ON_THE_PLATFORM
from rbacadmin.policy.engine import can, sees_all, sight, visible

# What somebody may do: model label (or nothing for the platform) and action -> ids of rows.
Holdings = Mapping[tuple[str, Action], frozenset[Any]]

# Records grow by themselves, that of calls by millions, and follow their scope: who sees a team's spend sees its calls.
RECORDS = ("rbacadmin.AuditEvent", "gateway.Usage")
COMPARED = tuple(label for label in ACTIONS_OF if label not in RECORDS)


@dataclass(frozen=True)
class Difference:
    """One action on one kind of row: the ids that come, and those that go."""

    label: str
    action: Action
    gained: frozenset[Any]
    lost: frozenset[Any]


def holdings(actor: Actor) -> Holdings:
    """Everything that the actor may do, row by row. One query for each kind of row."""
    return holdings_of(actor)[0]


def holdings_of(*actors: Actor, seen_by: Actor | None = None) -> Sequence[Holdings]:
    """`holdings` of each of them, cut to what somebody can see. One query for each kind of row, for all of them."""
    found: list[dict[tuple[str, Action], frozenset[Any]]] = [on_the_platform(actor) for actor in actors]
    for label in COMPARED:
        for held, rows in zip(found, rows_of(label, actors, seen_by), strict=True):
            held |= {(label, action): ids for action, ids in rows.items()}
    return found


def on_the_platform(actor: Actor) -> dict[tuple[str, Action], frozenset[Any]]:
    """What the actor may do that is asked about no row."""
    return {("", action): frozenset([None]) for action in ON_THE_PLATFORM if can(actor, action)}


def rows_of(label: str, actors: Sequence[Actor], seen_by: Actor | None) -> list[dict[Action, frozenset[Any]]]:
    """For each of them: action -> ids of the rows of a model on which they can do it, where there are any.

    One query, with a branch for each sight that differs.
    """
    model: Any = apps.get_model(label)
    asked: dict[Hashable, tuple[Actor, Action]] = {}
    same: list[tuple[int, list[Action], Hashable]] = []
    for number, actor in enumerate(actors):
        for seen, alike in of_one_sight(actor, model).items():
            branch = branch_of(actor, seen)
            asked.setdefault(branch, (actor, alike[0]))
            same.append((number, alike, branch))
    cutting: Hashable = None
    if asked and seen_by is not None and not sees_all(seen_by, model.view_action):
        cutting = branch_of(seen_by, sight(seen_by, model.view_action, model))
        asked.setdefault(cutting, (seen_by, model.view_action))
    ids = dict(zip(asked, branch_by_branch(model, list(asked.values())), strict=True))
    found: list[dict[Action, frozenset[Any]]] = [{} for _ in actors]
    for number, actions, branch in same:
        if counted := frozenset(ids[branch] if cutting is None else ids[branch] & ids[cutting]):
            found[number] |= dict.fromkeys(actions, counted)
    return found


def of_one_sight(actor: Actor, model: Any) -> dict[Hashable, list[Action]]:
    """The actions that are asked about a model and show any rows, those that show the same ones together."""
    alike: dict[Hashable, list[Action]] = defaultdict(list)
    for action in ACTIONS_OF[model._meta.label]:
        alike[sight(actor, action, model)].append(action)
    alike.pop(None, None)
    return alike


def branch_of(actor: Actor, seen: Any) -> Hashable:
    """What a sight is asked as: once for all who have it, unless something of it is one's own."""
    shared = seen is not None and seen[0] in ("everything", ()) and seen[-1] is None
    return ("anybody", seen) if shared else (id(actor), seen)


def branch_by_branch(model: Any, asked: Sequence[tuple[Actor, Action]]) -> list[set[Any]]:
    """The ids that each of them can see, in one query."""
    parts = [
        visible(actor, action, model._default_manager.order_by())
        .annotate(asked=Value(branch, output_field=IntegerField()))
        .values_list("asked", "pk")
        for branch, (actor, action) in enumerate(asked)
    ]
    found: list[set[Any]] = [set() for _ in asked]
    for branch, pk in parts[0].union(*parts[1:], all=True) if parts else ():
        found[branch].add(pk)
    return found


def difference(before: Holdings, after: Holdings) -> list[Difference]:
    """What came and what went, in the order of the table."""
    found = []
    for label, action in in_order({*before, *after}):
        old, new = before.get((label, action), frozenset()), after.get((label, action), frozenset())
        if old != new:
            found.append(Difference(label, action, new - old, old - new))
    return found


def in_order(pairs: Iterable[tuple[str, Action]]) -> list[tuple[str, Action]]:
    labels, actions = ["", *ACTIONS_OF], list(Action)
    return sorted(pairs, key=lambda pair: (labels.index(pair[0]), actions.index(pair[1])))
