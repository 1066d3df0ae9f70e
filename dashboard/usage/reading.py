"""Usage as a screen shows it: the days, the whole, and who or what it was. Everybody reads their own slice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dashboard.charts import Chart, draw
from dashboard.usage.asked import ENTITIES, LABELS, Asked
from gateway.ledger.models import Label
from gateway.spending import (
    Counts,
    Ledger,
    Line,
    added,
    everywhere,
    ledger_of,
    lines,
    most,
    names_of,
    own_parts,
    totals,
    visible_keys,
)
from keys.models import Key
from rbacadmin import policy
from rbacadmin.policy import Action, Actor

SHOWN = 50


@dataclass(frozen=True)
class Group:
    """One row of the table. `ident` finds its own usage unless it is `gone`; `part`: only one's own part of it.

    `url` is its own page, where a section of another page links to it.
    """

    name: str
    counts: Counts
    share: int
    ident: str = ""
    part: bool = False
    gone: bool = False
    url: str = ""

    @property
    def tokens(self) -> int:
        return self.counts["prompt_tokens"] + self.counts["completion_tokens"]


@dataclass(frozen=True)
class Usage:
    """The answer. `cut`: there are more groups than shown."""

    chart: Chart
    whole: Counts
    groups: Sequence[Group]
    cut: bool = False

    @property
    def tokens(self) -> int:
        return self.whole["prompt_tokens"] + self.whole["completion_tokens"]


def read(actor: Actor, asked: Asked, row: Any = None) -> Usage:
    """The usage that is asked for; `row` narrows it to one. Raises PermissionDenied. The same few queries always."""
    ledgers, parts = source(actor, asked, row)
    found = lines(ledgers, asked.first, asked.last)
    by_day = totals(found, "day")
    chart = draw({line["day"]: size(line, asked.measure) for line in by_day}, asked.last, asked.days)
    whole = added(by_day)
    groups = named(most(found, asked.column, asked.measure, SHOWN + 1), asked, parts, size(whole, asked.measure))
    return Usage(chart, whole, groups[:SHOWN], len(groups) > SHOWN)


def source(actor: Actor, asked: Asked, row: Any) -> tuple[list[Ledger], Mapping[UUID, UUID]]:
    """Whose lines; and whose part each membership's are."""
    if row is not None:
        return [ledger_of(actor, row)], own_parts(actor, row._meta.model_name, [row.pk])
    if asked.by in LABELS:
        policy.require(actor, Action.VIEW_SPEND)
        return [Ledger(asked.by)], {}
    if asked.by in ("key", "model"):
        everything = policy.can(actor, Action.VIEW_SPEND)
        return [Ledger("key") if everything else Ledger("key", visible_keys(actor, Key.objects.all()).values("pk"))], {}
    return everywhere(actor, ENTITIES[asked.by][1])


def named(groups: Sequence[Line], asked: Asked, parts: Mapping[UUID, UUID], total: int) -> list[Group]:
    """The groups with their names, in their order. The same few queries always."""
    if asked.grouped_by_model:
        return [Group(line["model"], line, share(line, asked, total)) for line in groups]
    if asked.by in LABELS:
        labels = dict(Label.objects.filter(pk__in=[line["object_id"] for line in groups]).values_list("pk", "name"))
        return [Group(labels.get(line["object_id"], ""), line, share(line, asked, total)) for line in groups]
    owners = [parts.get(line["object_id"], line["object_id"]) for line in groups]
    model = ENTITIES[asked.by][1]
    names = names_of(model, owners)
    live = set(model.objects.filter(pk__in=owners).values_list("pk", flat=True))
    return [
        Group(names[pk][1] or names[pk][0], line, share(line, asked, total), str(pk), line["object_id"] in parts,
              pk not in live)
        for pk, line in zip(owners, groups, strict=True)
    ]  # fmt: skip


def share(line: Line, asked: Asked, total: int) -> int:
    """Of the whole, in percent."""
    return size(line, asked.measure) * 100 // (total or 1)


def size(counts: Mapping[str, Any], measure: str) -> int:
    """What is counted of a line."""
    if measure == "tokens":
        return int(counts["prompt_tokens"] + counts["completion_tokens"])
    return int(counts[measure])
