"""What somebody gains and loses by a change: what they hold before, against what they hold after it.

It is the difference of `visible`, for every action over every row; nothing is worked out a second way.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import CharField, Value

from rbacadmin.policy.actions import Action
from rbacadmin.policy.actor import Actor
from rbacadmin.policy.applies import ACTIONS_OF, ON_THE_PLATFORM
from rbacadmin.policy.engine import can, sight, visible

# What somebody may do: model label (or nothing for the platform) and action -> ids of rows.
Holdings = Mapping[tuple[str, Action], frozenset[Any]]

# The record grows by the change itself, and rows of it are nobody's access.
COMPARED = tuple(label for label in ACTIONS_OF if label != "rbacadmin.AuditEvent")


@dataclass(frozen=True)
class Difference:
    """One action on one kind of row: the ids that come, and those that go."""

    label: str
    action: Action
    gained: frozenset[Any]
    lost: frozenset[Any]


def holdings(actor: Actor) -> Holdings:
    """Everything that the actor may do, row by row. One query for each kind of row."""
    found: dict[tuple[str, Action], set[Any]] = defaultdict(set)
    for label in COMPARED:
        for action, pk in rows_of(actor, label):
            found[label, Action(action)].add(pk)
    for action in ON_THE_PLATFORM:
        if can(actor, action):
            found["", action].add(None)
    return {pair: frozenset(ids) for pair, ids in found.items()}


def rows_of(actor: Actor, label: str) -> Iterator[tuple[str, Any]]:
    """Action and id, for all rows of a model on which the actor can do it. Actions of one sight are asked for once."""
    model: Any = apps.get_model(label)
    alike: dict[Hashable, list[Action]] = defaultdict(list)
    for action in ACTIONS_OF[label]:
        alike[sight(actor, action, model)].append(action)
    alike.pop(None, None)  # nothing to see
    parts = [
        visible(actor, actions[0], model._default_manager.order_by())
        .annotate(asked=Value(actions[0].value, output_field=CharField()))
        .values_list("asked", "pk")
        for actions in alike.values()
    ]
    if parts:
        same = {actions[0].value: actions for actions in alike.values()}
        for asked, pk in parts[0].union(*parts[1:], all=True):
            yield from ((action.value, pk) for action in same[asked])


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
