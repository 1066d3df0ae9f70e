"""What somebody gains and loses by a change: what they hold before, against what they hold after it.

It is the difference of `visible`, for every action over every row; nothing is worked out a second way.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import IntegerField, Value

from rbacadmin.policy.actions import Action
from rbacadmin.policy.actor import Actor
from rbacadmin.policy.applies import ACTIONS_OF, ON_THE_PLATFORM
from rbacadmin.policy.engine import can, sight, visible

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


def holdings_of(*actors: Actor) -> list[Holdings]:
    """`holdings` of each of them. One query for each kind of row, however many they are."""
    found: list[dict[tuple[str, Action], set[Any]]] = [defaultdict(set) for _ in actors]
    for label in COMPARED:
        for number, action, pk in rows_of(actors, label):
            found[number][label, action].add(pk)
    for number, actor in enumerate(actors):
        for action in ON_THE_PLATFORM:
            if can(actor, action):
                found[number]["", action].add(None)
    return [{pair: frozenset(ids) for pair, ids in held.items()} for held in found]


def rows_of(actors: Sequence[Actor], label: str) -> Iterator[tuple[int, Action, Any]]:
    """Whose number, action and id, for all rows of a model on which they can do it. A branch for each sight."""
    model: Any = apps.get_model(label)
    same: list[tuple[int, list[Action]]] = []
    for number, actor in enumerate(actors):
        alike: dict[Hashable, list[Action]] = defaultdict(list)
        for action in ACTIONS_OF[label]:
            alike[sight(actor, action, model)].append(action)
        alike.pop(None, None)  # nothing to see
        same += ((number, actions) for actions in alike.values())
    parts = [
        visible(actors[number], actions[0], model._default_manager.order_by())
        .annotate(asked=Value(branch, output_field=IntegerField()))
        .values_list("asked", "pk")
        for branch, (number, actions) in enumerate(same)
    ]
    if parts:
        for branch, pk in parts[0].union(*parts[1:], all=True):
            number, actions = same[branch]
            yield from ((number, action, pk) for action in actions)


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
