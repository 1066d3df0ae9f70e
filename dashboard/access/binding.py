"""What will change when limits do: who is bound differently, before against after, by the limits that count in the end.

The change is made, looked at and taken back, so that nothing is worked out a second way.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from dashboard.limits import KINDS, NAMES
from gateway.bearers import JOINED, bearers, effective_of
from gateway.effective import Effective
from gateway.levels import Level
from keys.models import Key
from rbacadmin import money, policy
from rbacadmin.policy import Action, Actor, fields
from teams.models import Membership

LOOKED_AT = 1_000  # of each kind; of more, how many there are is said
NAMED = 4


class Counted(NamedTuple):
    """A limit as it counts, and the level that sets it; None where no level does."""

    value: Any
    level: Level | None = None


@dataclass
class Shift:
    """One limit that counts differently for some afterwards. `names` are the first of them."""

    name: str
    label: Any
    before: str
    after: str
    keys: int = 0
    members: int = 0
    names: list[str] = field(default_factory=list)

    @property
    def more(self) -> bool:
        """Whether it concerns others than those who are named."""
        return self.keys + self.members > len(self.names)


@dataclass(frozen=True)
class Binding:
    """The shifts, and how many keys and memberships were looked at; `left_out`: how many more there are."""

    shifts: Sequence[Shift]
    keys: int
    members: int
    left_out: int = 0


def binding(asker: Actor, row: Any, change: Callable[[], Any]) -> Binding:
    """Who of those whom the asker sees is bound differently by a change of the row's limits, or of a list of people's.

    Nothing stays, no record either; what the change refuses is raised. As many queries however many it binds, but for
    keys that are bound to nothing.
    """
    beneath = bearers(row)
    keys = policy.visible(asker, Action.LIST_KEYS, beneath.keys).order_by("pk")
    members = policy.visible(asker, Action.VIEW_MEMBERS, beneath.members).order_by("pk")
    counts = keys.count(), members.count()
    rows: list[Any] = [*keys[:LOOKED_AT], *members[:LOOKED_AT]]
    before = effective_now(rows)
    with transaction.atomic():
        change()
        after = effective_now(again(rows))
        transaction.set_rollback(True)
    readable = readable_by(asker, [*before.values(), *after.values()])
    shifts: dict[Any, Shift] = {}
    for one in rows:
        for name, old, new in shifted(before[one.pk], after[one.pk]):
            words = in_words(name, old, readable), in_words(name, new, readable)
            put(shifts.setdefault((name, *words), Shift(name, NAMES[name], *words)), one)
    ordered = sorted(shifts.values(), key=lambda shift: list(NAMES).index(shift.name))
    return Binding(ordered, *counts, left_out=sum(counts) - len(rows))


def effective_now(rows: Iterable[Any]) -> dict[UUID, Effective]:
    found = list(rows)
    return effective_of(
        [row for row in found if isinstance(row, Key)], [row for row in found if isinstance(row, Membership)]
    )


def again(rows: Iterable[Any]) -> list[Any]:
    """The same rows, read anew."""
    found = list(rows)
    ids = [row.pk for row in found]
    return [
        row for model in (Key, Membership) for row in model._default_manager.select_related(*JOINED).filter(pk__in=ids)
    ]


def shifted(old: Effective, new: Effective) -> Iterable[tuple[str, Counted, Counted]]:
    """The limits whose value in the end is another one."""
    for name in NAMES:
        before, after = counted(old, name), counted(new, name)
        if before.value != after.value:
            yield name, before, after


def counted(found: Effective, name: str) -> Counted:
    if name == "models":
        return Counted(None if found.models is None else tuple(found.models))
    bound = found.bounds.get(name)
    return Counted(bound.value, bound.level) if bound else Counted(None)


def readable_by(asker: Actor, found: Iterable[Effective]) -> Mapping[UUID, frozenset[str]]:
    """What the asker may read of each level that binds anything."""
    rows = {bound.level.row.pk: bound.level.row for one in found for bound in one.bounds.values()}
    by_kind = groupby(sorted(rows.values(), key=lambda row: row._meta.label), key=type)
    return {pk: names for _model, some in by_kind for pk, names in fields.readable_each(asker, list(some)).items()}


def in_words(name: str, limit: Counted, readable: Mapping[UUID, frozenset[str]]) -> str:
    """A limit with the level that sets it; its number only for those who may read it there."""
    if name == "models":
        return models_in_words(limit.value)
    if limit.level is None:
        return _("no limit")
    level = KINDS[limit.level.kind]
    if name not in readable[limit.level.row.pk]:
        return _("what the %(level)s allows, which is not shown to you") % {"level": str(level).lower()}
    value = money.show(limit.value) if name == "max_budget" else f"{limit.value:,}"
    return _("%(value)s, set by: %(level)s") % {"value": value, "level": level}


def models_in_words(models: Sequence[str] | None) -> str:
    if models is None:
        return _("all of the platform")
    return ", ".join(models) or _("none")


def put(shift: Shift, row: Any) -> None:
    """Count somebody among those whom it concerns."""
    if isinstance(row, Key):
        shift.keys += 1
    else:
        shift.members += 1
    if len(shift.names) < NAMED:
        shift.names.append(row.label)
