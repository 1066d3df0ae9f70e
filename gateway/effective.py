"""Which level binds a call, and with what: the smallest rate, the least money left, the models that all lists cover.

The same for a key and for a person's membership; what of it somebody may read is the dialects' and screens' question.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from gateway.budgets.in_force import budgets_of, with_budget
from gateway.levels import Level, in_force, levels_of_key, levels_of_member, member_of, with_person
from gateway.models import Budget, CatalogModel
from gateway.ownerships import groups_now
from gateway.spent import resets_at, spent_in_force
from keys.models import Key
from rbacadmin import policy
from rbacadmin.changes import values_of
from rbacadmin.limits import CAPPED_BY_PARENT, per_model_above
from rbacadmin.model_names import EVERYTHING, Groups, Names, beyond, common, names_of, restricts
from rbacadmin.policy import Action, Actor, fields
from teams.models import Membership, User

RATES = ("tpm_limit", "rpm_limit", "max_parallel_requests")
# The levels that each stands beneath, and must be within (rulebook 14).
ABOVE = {
    "key": ("member", "team", "project", "organization", "user"),
    "member": ("team",),
    "team": ("organization",),
    "project": ("organization",),
}
# Whose own models need not stand in these levels' lists: who brings a model may use it.
OPEN_TO_OWN = {
    "team": ("team", "organization"),
    "project": ("project", "organization"),
    "organization": ("organization",),
}


class Bound(NamedTuple):
    """The binding value of one limit. Money is nano-dollars; spend and what is left belong to budgets."""

    level: Level
    value: int
    spent: int | None = None
    left: int | None = None
    resets_at: datetime | None = None


class Excess(NamedTuple):
    """A level that has more than one above it allows: its parent was lowered. The smaller value counts."""

    level: Level
    field: str
    parent: str


@dataclass(frozen=True)
class Effective:
    """What binds, by limit. `models` None is everything; `cut_by` are the levels whose lists took models away.

    `levels` are all that were looked at, the innermost first.
    """

    bounds: dict[str, Bound]
    models: list[str] | None
    cut_by: list[Level]
    warnings: list[Excess]
    levels: Sequence[Level] = ()


def effective_for_key(key: Key, now: datetime | None = None) -> Effective:
    """What binds the calls of a key. Needs `select_related("user", "team", "project", "organization")`."""
    levels = levels_of_key(key, member_of(key))
    person = key.person
    found = effective(levels, person, now or timezone.now())
    if person is not None and key.reach() is None and not policy.can(Actor.for_key(key), Action.CALL_MODELS):
        return replace(found, models=[], cut_by=[levels[0]])  # it manages, but calls no model (rulebook 16)
    return found


def readers(actor: Actor, levels: Iterable[Level]) -> dict[str, frozenset[str]]:
    """What somebody may read of each level, by its kind: of the others they are told which they are, and no more."""
    return {level.kind: fields.readable(actor, level.row) for level in levels}


def effective_for_member(membership: Membership, now: datetime | None = None) -> Effective:
    """What binds the calls of a person at a membership, before any key's own limits."""
    levels = levels_of_member(membership.user, membership)
    return effective(levels, membership.user, now or timezone.now())


class Known(NamedTuple):
    """What the limits of many are worked out from: spend by row, budgets held, access groups, models brought."""

    budgets: Mapping[UUID, Budget]
    counted: Mapping[UUID, int]
    groups: Groups
    owned: Sequence[CatalogModel]


def known_of(levels: Iterable[Level], now: datetime) -> Known:
    """What is known of these levels together. 4 queries."""
    rows = {level.row.pk: level for level in levels}
    budgets = budgets_of([level.row for level in rows.values()])
    limited = [with_budget(level.row, budgets.get(pk)) for pk, level in rows.items()]
    counted = spent_in_force([row for row in limited if row.max_budget is not None], now)
    return Known(budgets, counted, groups_now(), brought_by(rows.values()))


def effective(levels: Sequence[Level], person: User | None, now: datetime, known: Known | None = None) -> Effective:
    """`person` is whose rates bind besides, wherever they call from (rulebook 15). 4 queries, none when `known`."""
    rated = with_person(levels, person)
    known = known or known_of(rated, now)
    rated = in_force(rated, known.budgets)
    levels = rated[: len(levels)]
    bounds = {name: bound for name in RATES if (bound := smallest(rated, name))}
    if budget := scarcest(levels, now, known.counted):
        bounds["max_budget"] = budget
    covered, cut_by = narrowed(levels, known.groups)
    models = None if covered == EVERYTHING else sorted({*covered.shown(), *own_models(levels, known)})
    return Effective(bounds, models, cut_by, warnings(levels, known.groups), rated)


def smallest(levels: Sequence[Level], name: str) -> Bound | None:
    """The lowest of a rate, and the innermost level that has it."""
    found = [Bound(level, value) for level in levels if (value := getattr(level.row, name)) is not None]
    return min(found, key=lambda bound: bound.value, default=None)


def scarcest(levels: Sequence[Level], now: datetime, counted: Mapping[UUID, int]) -> Bound | None:
    """The budget with the least left: a large one that is spent binds before a small one that is not."""
    found = []
    for level in levels:
        if level.row.max_budget is None:
            continue
        value, used = budget_of(level.row, now), counted.get(level.row.pk, 0)
        found.append(Bound(level, value, used, max(value - used, 0), resets_at(level.row, now)))
    return min(found, key=lambda bound: bound.left or 0, default=None)


def budget_of(row: Any, now: datetime) -> int:
    """The budget with what was added for a while."""
    lasts = row.temp_budget_until is not None and row.temp_budget_until > now
    return int(row.max_budget + (row.temp_budget_increase or 0 if lasts else 0))


def narrowed(levels: Sequence[Level], groups: Groups) -> tuple[Names, list[Level]]:
    """What all lists cover, and the levels that took something away, the outermost first."""
    covered, cut_by = EVERYTHING, list[Level]()
    for level in reversed(levels):
        if restricts(level.models) and (left := covered & names_of(level.models, groups)) != covered:
            covered, cut_by = left, [*cut_by, level]
    return covered, cut_by


def brought_by(levels: Iterable[Level], *, blocked: bool = False) -> list[CatalogModel]:
    """The models that the scopes among the levels brought, with `blocked` those too that are. One query."""
    owners: dict[str, list[UUID]] = {}
    for level in levels:
        if level.kind in OPEN_TO_OWN:
            owners.setdefault(level.kind, []).append(level.row.pk)
    owned = Q(pk__in=[])
    for kind, ids in owners.items():
        owned |= Q(**{f"{kind}_id__in": ids})
    found = CatalogModel.objects.filter(owned)
    return list(found if blocked else found.filter(blocked=False))


def own_models(levels: Sequence[Level], known: Known) -> list[str]:
    """The models that the scopes among the levels brought, as far as the levels within let them be called."""
    return [name for _row, names in callable_of(known.owned, levels, known.groups) for name in names.shown()]


def callable_of(
    owned: Iterable[CatalogModel], levels: Sequence[Level], groups: Groups
) -> list[tuple[CatalogModel, Names]]:
    """The same with their rows: by which names each may be called. A wildcard's may be fewer than it stands for."""
    owners = {level.kind: level.row.pk for level in levels if level.kind in OPEN_TO_OWN}
    found = []
    for model in owned:
        owner = "team" if model.team_id else "project" if model.project_id else "organization"
        if owner not in owners or owners[owner] != getattr(model, f"{owner}_id"):
            continue
        binding = common([level.models for level in levels if level.kind not in OPEN_TO_OWN[owner]], groups)
        names = binding & names_of([model.name], {})
        if names.exact or names.prefixes:
            found.append((model, names))
    return found


def warnings(levels: Sequence[Level], groups: Groups) -> list[Excess]:
    """What is not within its parent any more (rulebook 14), each field once, with the innermost parent."""
    found: dict[tuple[str, str], Excess] = {}
    for level in levels:
        for parent in (one for one in levels if one.kind in ABOVE.get(level.kind, ())):
            for name in above(level.row, parent.row, groups):
                found.setdefault((level.kind, name), Excess(level, name, parent.kind))
    return list(found.values())


def above(child: Any, parent: Any, groups: Groups) -> list[str]:
    """The fields in which the child has more than the parent allows."""
    pairs = [(name, getattr(child, name), getattr(parent, name)) for name in CAPPED_BY_PARENT]
    fields = [name for name, asked, cap in pairs if asked is not None and cap is not None and asked > cap]
    fields += dict.fromkeys(field for field, _model in per_model_above(values_of(child), values_of(parent)))
    return [*fields, "models"] if beyond(child.models, parent.models, groups) else fields
