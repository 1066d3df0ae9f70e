"""What somebody is granted, read when it is first asked for, and for everybody who was read with them at once."""

from collections import defaultdict
from collections.abc import ItemsView, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Self

from rbacadmin.policy.actions import Action
from rbacadmin.policy.decision import ScopeKey
from rbacadmin.policy.ends import earlier, reaches
from rbacadmin.policy.grants import rows_of


class Held(Mapping[ScopeKey, frozenset[Action]]):
    """What the members of some groups may do beyond their roles, read when it is first asked for.

    Who calls is known before it is asked what they may do, and often a role says enough. `groups` are the groups with
    the end of the membership in each; `ends` is when the first grant ends, as far as they were read.
    """

    def __init__(self, groups: Mapping[int, datetime | None]) -> None:
        self.groups = groups
        self.found: dict[ScopeKey, frozenset[Action]] | None = None
        self.ends: datetime | None = None
        self.lasting: dict[tuple[ScopeKey, Action], datetime | None] = {}  # the last moment, by whichever group
        self.beside: Sequence[Held] = ()

    @classmethod
    def together(cls, groups: Iterable[Mapping[int, datetime | None]]) -> list[Self]:
        """Of several people: what all of them hold is read when it is first asked of one."""
        found = [cls(one) for one in groups]
        for held in found if len(found) > 1 else ():
            held.beside = found
        return found

    def read(self) -> dict[ScopeKey, frozenset[Action]]:
        if self.found is None:
            read = self.beside or (self,)
            by_group = defaultdict(list)
            for row in rows_of({group for held in read for group in held.groups}):
                by_group[row[0]].append(row)
            for held in read:
                held.take(row for group in held.groups for row in by_group[group])
        assert self.found is not None
        return self.found

    def take(self, rows: Iterable[tuple[int, ScopeKey, Action, datetime | None]]) -> None:
        """Keep what was read of its groups."""
        found: dict[ScopeKey, set[Action]] = defaultdict(set)
        ends = set()
        for group, scope, action, end in rows:
            found[scope].add(action)
            ends.add(end)
            last = earlier(end, self.groups[group])
            if not reaches(self.lasting.setdefault((scope, action), last), last):
                self.lasting[scope, action] = last
        self.ends = min(ends - {None}, default=None)  # type: ignore[type-var]
        self.found = {scope: frozenset(actions) for scope, actions in found.items()}

    def at(self, moment: datetime | None) -> dict[ScopeKey, frozenset[Action]]:
        """What of it lasts up to the moment; None is for ever."""
        found = {
            scope: frozenset(action for action in actions if reaches(self.lasting[scope, action], moment))
            for scope, actions in self.read().items()
        }
        return {scope: actions for scope, actions in found.items() if actions}

    def moments(self) -> set[datetime]:
        """When something of it ends, as far as it was read."""
        return {end for end in self.lasting.values() if end is not None}

    def __getitem__(self, scope: ScopeKey) -> frozenset[Action]:
        return self.read()[scope]

    def __iter__(self) -> Iterator[ScopeKey]:
        return iter(self.read())

    def __len__(self) -> int:
        return len(self.read())

    def items(self) -> ItemsView[ScopeKey, frozenset[Action]]:
        """Of the dictionary itself: a mapping's own looks each of them up again, and a page asks hundreds of times."""
        return self.read().items()

    def __repr__(self) -> str:
        return f"Held({[*self.groups]})"


def end_of(held: Mapping[ScopeKey, frozenset[Action]]) -> datetime | None:
    """When the first of what somebody was seen to hold ends by itself; None when nothing does, or nothing was asked."""
    return held.ends if isinstance(held, Held) else None
