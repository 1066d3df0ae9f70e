"""What will change when others may do something else in a scope: who gains it, and who loses it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.people import Basis, by_basis, holding, in_groups
from rbacadmin.policy.roles import MEMBER_ACTIONS
from teams.models import User

NAMED = 4
Able = Mapping[Action, frozenset[UUID]]
Known = dict[tuple[Basis, frozenset[int]], frozenset[UUID]]


@dataclass(frozen=True)
class Given:
    """One action that comes or goes, for how many people, and the first of them."""

    action: Action
    people: int
    names: Sequence[str]


@dataclass(frozen=True)
class Granting:
    """What people may do afterwards and not before, and the other way round; `keys` of the scope it is about now."""

    gained: Sequence[Given]
    lost: Sequence[Given]
    keys: int
    noun: str


def granting(
    asker: Actor, scope: Any, change: Callable[[], Any], actions: Iterable[Action] = MEMBER_ACTIONS
) -> Granting:
    """Who of those whom the asker sees may do what afterwards. The change is made and taken back.

    It changes what groups are granted, not who is in them: whoever holds the same before and after is asked once.

    As many queries for 60 people as for 6,000: actions that the same people may do are asked about once.
    """
    asked = tuple(actions)
    known: Known = {}
    before = able(asker, scope, asked, known)
    with transaction.atomic():
        change()
        after = able(asker, scope, asked, known)
        transaction.set_rollback(True)
    keys = policy.visible(asker, Action.LIST_KEYS, scope.keys.all()).count()
    noun = str(scope._meta.verbose_name)
    return Granting(more(before, after), more(after, before), keys, noun)


def able(asker: Actor, scope: Any, actions: Sequence[Action], known: Known) -> Able:
    """Who may do each of the actions in the scope. `known` keeps who was found, by what it is that they hold."""
    found: dict[Action, frozenset[UUID]] = {}
    for (basis, groups), same in by_basis(actions, scope).items():
        if (basis, groups) not in known:
            those = holding(basis, scope, in_groups(groups))
            people = policy.visible(asker, Action.VIEW_PEOPLE, those).order_by()
            known[basis, groups] = frozenset(people.values_list("pk", flat=True))
        found |= dict.fromkeys(same, known[basis, groups])
    return {action: found[action] for action in actions}


def more(old: Able, new: Able) -> list[Given]:
    """What somebody may do by the new that they may not by the old."""
    gone = {action: people - old[action] for action, people in new.items()}
    names = {people: first_of(people) for people in set(gone.values()) if people}
    return [Given(action, len(people), names[people]) for action, people in gone.items() if people]


def first_of(people: Iterable[UUID]) -> list[str]:
    """The names of some of them, in order."""
    found = User.objects.filter(pk__in=list(people)).order_by("email", "name", "pk")[:NAMED]
    return [person.label for person in found]
