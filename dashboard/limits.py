"""Which level binds, for reading: every level with what it allows, and what of that this person may know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.spending import Spending
from gateway.bearers import effective_of
from gateway.effective import Bound, Effective, Excess, budget_of, effective_for_key, effective_for_member, readers
from gateway.levels import Level
from gateway.spent import resets_at, spent
from keys.models import Key
from rbacadmin.model_names import restricts
from rbacadmin.policy import Actor, fields
from teams.models import Membership

KINDS = {
    "key": gettext_lazy("Key"),
    "member": gettext_lazy("Membership"),
    "team": gettext_lazy("Team"),
    "project": gettext_lazy("Project"),
    "organization": gettext_lazy("Organization"),
    "user": gettext_lazy("Person"),
}
PAGES = {
    "team": "team-detail",
    "project": "project-detail",
    "organization": "organization-detail",
    "user": "person-detail",
}
NAMES = {
    "max_budget": gettext_lazy("Budget"),
    "tpm_limit": gettext_lazy("Tokens per minute"),
    "rpm_limit": gettext_lazy("Requests per minute"),
    "max_parallel_requests": gettext_lazy("Requests at a time"),
    "models": gettext_lazy("Models"),
}
NAMELESS = ("member",)  # levels that have no name and page of their own
OUTSIDE_TEAMS = ("user",)  # levels whose budget and models do not bind in a team
RATES = ("tpm_limit", "rpm_limit", "max_parallel_requests")


@dataclass(frozen=True)
class Cell:
    """One limit of one level. `hidden`: this person may not read it; `binds`: it is the one that counts.

    `idle`: it counts elsewhere only (rulebook 15: a person's own budget and models do not bind their calls in a team).
    """

    name: str
    label: Any
    value: Any = None
    binds: bool = False
    hidden: bool = False
    idle: bool = False
    spend: Spending | None = None


@dataclass(frozen=True)
class Step:
    """One level: what it is, its name and page where those may be known, and its limits."""

    kind: str
    label: Any
    name: str
    url: str
    cells: Sequence[Cell]

    @property
    def bare(self) -> bool:
        """Whether the level sets nothing, as far as one may know."""
        return not any(cell.value is not None or cell.binds or cell.hidden for cell in self.cells)

    @property
    def hidden(self) -> bool:
        """Whether this person may read none of its limits."""
        return all(cell.hidden or cell.idle for cell in self.cells)

    @property
    def binding(self) -> str:
        """Which of its limits count, in words."""
        return ", ".join(str(cell.label) for cell in self.cells if cell.binds)


@dataclass(frozen=True)
class Binding:
    """One limit that counts, and the level that sets it. Money is nano-dollars."""

    name: str
    label: Any
    level: Step
    hidden: bool
    value: int
    left: int | None = None
    resets_at: datetime | None = None


@dataclass(frozen=True)
class Limits:
    """The whole panel. `models` None is everything."""

    steps: Sequence[Step]
    bindings: Sequence[Binding]
    models: Sequence[str] | None
    warnings: Sequence[str] = field(default_factory=list)


def limits_of_key(actor: Actor, key: Key) -> Limits:
    """What binds the calls of a key, as far as the actor may read it. Needs the joins of KEYS."""
    return told(actor, effective_for_key(key))


def limits_of_member(actor: Actor, membership: Membership) -> Limits:
    """The same for a person at a membership. Needs `select_related("user", "team", "project", "organization")`."""
    return told(actor, effective_for_member(membership))


def limits_of_members(actor: Actor, memberships: Sequence[Membership]) -> list[Limits]:
    """The same for several, in their order; the same few queries however many."""
    found = effective_of([], memberships)
    effective = [found[membership.pk] for membership in memberships]
    rows = {level.row.pk: level.row for one in effective for level in one.levels}
    known: dict[Any, frozenset[str]] = {}
    for _model, some in groupby(sorted(rows.values(), key=lambda row: row._meta.label), key=type):
        known |= fields.readable_each(actor, list(some))
    counted = spent(rows.values())
    return [told(actor, one, {level.kind: known[level.row.pk] for level in one.levels}, counted) for one in effective]


def told(
    actor: Actor,
    found: Effective,
    readable: Mapping[str, frozenset[str]] | None = None,
    counted: Mapping[UUID, int] | None = None,
) -> Limits:
    """What was found, cut down to what the actor may read of each level. The numbers of other levels stay out.

    `readable` by kind of level and what was spent by id, where they were read for several at once.
    """
    readable, now = readable or readers(actor, found.levels), timezone.now()
    counted = spent([level.row for level in found.levels], now) if counted is None else counted
    steps = {}
    for level in found.levels:
        allowed = readable[level.kind]
        used = counted.get(level.row.pk, 0) if "spend" in allowed else None
        steps[level.kind] = Step(
            level.kind, KINDS[level.kind], *name_of(level, allowed), cells_of(level, found, allowed, used, now)
        )
    bindings = [binding(name, bound, steps, readable) for name in NAMES if (bound := found.bounds.get(name))]
    warnings = [in_words(excess) for excess in found.warnings if excess.field in readable[excess.level.kind]]
    return Limits(list(steps.values()), bindings, found.models, warnings)


def cells_of(level: Level, found: Effective, allowed: frozenset[str], used: int | None, now: datetime) -> list[Cell]:
    """The limits of a level, in the order of NAMES."""
    cutting = {cut.kind for cut in found.cut_by}
    in_team = any(other.kind == "team" for other in found.levels)
    cells = []
    for name, label in NAMES.items():
        if in_team and level.kind in OUTSIDE_TEAMS and name not in RATES:
            cells.append(Cell(name, label, idle=True))
            continue
        bound = found.bounds.get(name)
        binds = level.kind in cutting if name == "models" else bound is not None and bound.level.kind == level.kind
        if name not in allowed:
            cells.append(Cell(name, label, binds=binds, hidden=True))
            continue
        value = getattr(level.row, name)
        spend = None
        if name == "max_budget" and value is not None:
            value = budget_of(level.row, now)
            spend = Spending(used, value, resets_at(level.row, now)) if used is not None else None
        if name == "models":
            value = value if restricts(value) else None
        cells.append(Cell(name, label, value, binds, spend=spend))
    return cells


def name_of(level: Level, allowed: frozenset[str]) -> tuple[str, str]:
    """The level's name and page; nothing where it may not be known or there is none."""
    if level.kind in NAMELESS or not allowed & {"alias", "public_id"}:
        return "", ""
    url = reverse(PAGES[level.kind], args=(level.row.pk,)) if level.kind in PAGES else ""
    return str(level.row.label), url


def binding(name: str, bound: Bound, steps: Mapping[str, Step], readable: Mapping[str, frozenset[str]]) -> Binding:
    kind = bound.level.kind
    allowed = readable[kind]
    left = bound.left if "spend" in allowed else None
    return Binding(name, NAMES[name], steps[kind], name not in allowed, bound.value, left, bound.resets_at)


def in_words(excess: Excess) -> str:
    """A limit above its parent's (rulebook 14)."""
    limit = str(NAMES.get(excess.field, excess.field.replace("_", " "))).lower()
    return _("%(level)s: its %(limit)s is above what the %(parent)s allows. The smaller one counts.") % {
        "level": KINDS[excess.level.kind], "limit": limit, "parent": str(KINDS[excess.parent]).lower()
    }  # fmt: skip
