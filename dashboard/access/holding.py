"""What people may do, counted over what the asker can see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.applies import ACTIONS_OF
from rbacadmin.policy.difference import Holdings
from teams.models import User


@dataclass(frozen=True)
class Compared:
    """One action on one kind of row: how many rows only the one, both, and only the other may do it to."""

    area: str
    action: Action
    only_one: int
    both: int
    only_other: int


def area_name(label: str) -> str:
    """A kind of row in words; nothing is the platform."""
    if label == "teams.User":
        return _("people")  # as the rest of the dashboard calls them
    return str(apps.get_model(label)._meta.verbose_name_plural) if label else _("the platform")


def counted_area(label: str, count: int) -> str:
    """How many rows of a kind, in words: `1 team`, `12 keys`; nothing is the platform."""
    if not label:
        return area_name(label)
    one = _("person") if label == "teams.User" else str(apps.get_model(label)._meta.verbose_name)
    return f"{count:,} {one if count == 1 else area_name(label)}"


def held_by(asker: Actor, *people: User) -> Sequence[Holdings]:
    """What each person may do, as far as the asker can see the rows."""
    themselves = [asker] if [person.pk for person in people] == [asker.user_id] and is_whole(asker) else None
    return policy.holdings_of(*(themselves or Actor.for_people(people)), seen_by=asker)


def is_whole(actor: Actor) -> bool:
    """Whether the actor is a person with all that they hold: not a key, and nobody looked at through other eyes."""
    return actor.principal == f"user:{actor.user_id}" and actor.actions_cap is None and actor.reach is None


def compared(asker: Actor, one: User, other: User) -> list[Compared]:
    """The actions in which two people differ."""
    first, second = held_by(asker, one, other)
    return [
        Compared(
            area_name(part.label),
            part.action,
            len(part.lost),
            len(first.get((part.label, part.action), frozenset()) - part.lost),
            len(part.gained),
        )
        for part in policy.difference(first, second)
    ]


def areas(asker: Actor, person: User) -> list[dict[str, Any]]:
    """What one person may do: for each kind of row its actions, each with the number of rows."""
    (held,) = held_by(asker, person)
    order, found = list(Action), []
    for label in ("", *ACTIONS_OF):
        actions = [(action, len(ids)) for (known, action), ids in held.items() if known == label]
        if actions:
            ordered = sorted(actions, key=lambda one: order.index(one[0]))
            found.append({"name": area_name(label), "counted": bool(label), "actions": ordered})
    return found
