"""What will change: the change is made, looked at and taken back, so that nothing is worked out a second way."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from dashboard.access.holding import counted_area
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.sighted import seen, within
from teams.models import User


@dataclass(frozen=True)
class Part:
    """One action on one kind of row, and on how many rows it comes or goes; `where` says both: `12 keys`."""

    where: str
    action: Action
    count: int


@dataclass(frozen=True)
class Preview:
    """What a person gains and loses by a change."""

    person: User
    gained: list[Part]
    lost: list[Part]


def preview(asker: Actor, person: User | None, change: Callable[[], Any]) -> Preview:
    """Make the change, compare what the person may do before and after, and take it back.

    Without a person the change makes one and returns their membership: before that they may do nothing. Counted over
    what the asker sees now. Nothing stays, no record either; what the change refuses is raised.
    """
    rows = seen(asker, at_this_moment=True)
    before = within(policy.holdings(Actor.for_user(person)), rows) if person is not None else {}
    with transaction.atomic():
        made = change()
        person = person if person is not None else made.user
        after = within(policy.holdings(Actor.for_user(person).reread()), rows)
        transaction.set_rollback(True)
    parts = policy.difference(before, after)
    return Preview(
        person,
        gained=[
            Part(counted_area(part.label, len(part.gained)), part.action, len(part.gained))
            for part in parts
            if part.gained
        ],
        lost=[
            Part(counted_area(part.label, len(part.lost)), part.action, len(part.lost)) for part in parts if part.lost
        ],
    )
