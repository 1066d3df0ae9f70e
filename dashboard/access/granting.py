"""What will change when the members of a team may do something else with its keys: who gains it, and who loses it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams.models import Team, User
from teams.services.teams import MEMBER_ACTIONS

NAMED = 4


@dataclass(frozen=True)
class Given:
    """One action that comes or goes, for how many people, and the first of them."""

    action: Action
    people: int
    names: Sequence[str]


@dataclass(frozen=True)
class Granting:
    """What people may do afterwards and not before, and the other way round; `keys` of the team it is about now."""

    gained: Sequence[Given]
    lost: Sequence[Given]
    keys: int


def granting(asker: Actor, team: Team, change: Callable[[], Any]) -> Granting:
    """Who of those whom the asker sees may do what afterwards. The change is made and taken back; always 22 queries."""
    before = able(asker, team)
    with transaction.atomic():
        change()
        after = able(asker, team)
        transaction.set_rollback(True)
    keys = policy.visible(asker, Action.LIST_KEYS, team.keys.all()).count()
    return Granting(more(before, after), more(after, before), keys)


def able(asker: Actor, team: Team) -> dict[Action, dict[UUID, User]]:
    """Who may do each of the ten with the team's keys."""
    return {
        action: {person.pk: person for person in policy.visible(asker, Action.VIEW_PEOPLE, policy.who(action, team))}
        for action in MEMBER_ACTIONS
    }


def more(old: dict[Action, dict[UUID, User]], new: dict[Action, dict[UUID, User]]) -> list[Given]:
    """What somebody may do by the new that they may not by the old."""
    found = []
    for action in MEMBER_ACTIONS:
        if people := [person for pk, person in new[action].items() if pk not in old[action]]:
            names = sorted(person.label for person in people)
            found.append(Given(action, len(people), names[:NAMED]))
    return found
