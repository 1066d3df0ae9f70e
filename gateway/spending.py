"""What was spent, by whom, on which day and with which model: the read side of usage.

Usage is booked by day and model for everything that a call counts for: the key, its owner, its team, project and
organization, and its owner's membership in the team or project. So whoever may see an entity's spend reads that
entity's own lines, and nothing is added up over children. Single requests are kept by the gateway, not here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from gateway.models import CatalogModel, DailyUsage, Spend
from rbacadmin import policy
from rbacadmin.models import Archived
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.actor import unexpired
from teams.models import Membership

COUNTS = ("spend", "requests", "failures", "prompt_tokens", "completion_tokens")
MOST = 10_000  # groups that one answer adds up
UNKNOWN = "unknown"

Counts = dict[str, int]
Line = dict[str, Any]


@dataclass(frozen=True)
class Ledger:
    """Whose lines: of one kind, of these ids (None: of all)."""

    kind: str
    ids: Any = None

    def condition(self) -> Q:
        return Q(kind=self.kind) if self.ids is None else Q(kind=self.kind, object_id__in=self.ids)


def lines(
    ledgers: Iterable[Ledger], first: date | None = None, last: date | None = None, model: str = ""
) -> QuerySet[DailyUsage]:
    """The lines of these ledgers, from the first to the last day, both in it."""
    condition = Q(pk__in=[])
    for ledger in ledgers:
        condition |= ledger.condition()
    found = DailyUsage.objects.filter(condition)
    found = found.filter(day__gte=first) if first else found
    found = found.filter(day__lte=last) if last else found
    return found.filter(model=model) if model else found


def ledger_of(actor: Actor, row: Any) -> Ledger:
    """The lines of a scope, a person or a key; of a scope that one is merely a member of, one's own part (SPD-02).

    Raises PermissionDenied when the actor sees neither.
    """
    if not policy.can(actor, Action.VIEW_SPEND, row) and (own := own_parts(actor, row._meta.model_name, [row.pk])):
        return Ledger("membership", list(own))
    policy.require(actor, Action.VIEW_SPEND, row)
    return Ledger(row._meta.model_name, [row.pk])


def own_parts(actor: Actor, kind: str, within: Sequence[UUID] | None = None) -> dict[UUID, UUID]:
    """One's own memberships in teams or projects: membership -> scope. A key sees those in its reach."""
    if actor.user is None or kind not in ("team", "project"):
        return {}
    mine = Membership.objects.filter(unexpired(), user=actor.user, **{f"{kind}__isnull": False})
    mine = mine if within is None else mine.filter(**{f"{kind}_id__in": within})
    return dict(policy.visible(actor, Action.VIEW_MEMBERS, mine).values_list("pk", f"{kind}_id"))


def everywhere(actor: Actor, model: Any) -> tuple[list[Ledger], dict[UUID, UUID]]:
    """Everything of one kind whose spend the actor sees, own parts included; and whose part each membership is."""
    kind = model._meta.model_name
    if policy.can(actor, Action.VIEW_SPEND):
        return [Ledger(kind)], {}  # what is gone too
    whole = policy.visible(actor, Action.VIEW_SPEND, model._default_manager.all())
    own = own_parts(actor, kind)
    if own:
        known = set(whole.filter(pk__in=own.values()).values_list("pk", flat=True))
        own = {pk: scope for pk, scope in own.items() if scope not in known}
    return [Ledger(kind, whole.values("pk")), Ledger("membership", list(own))], own


def visible_keys(actor: Actor, keys: QuerySet[Any]) -> QuerySet[Any]:
    """The keys that the actor sees along with what they spent."""
    return policy.visible(actor, Action.VIEW_KEYS, policy.visible(actor, Action.VIEW_SPEND, keys))


def totals(found: QuerySet[DailyUsage], *by: str) -> list[Line]:
    """The lines added up by these columns, in their order. Raises ValidationError beyond 10,000 groups."""
    sums = {f"sum_{name}": Sum(name) for name in COUNTS}
    groups = list(found.order_by().values(*by).annotate(**sums).order_by(*by)[: MOST + 1]) if by else [
        found.aggregate(**sums)
    ]  # fmt: skip
    if len(groups) > MOST:
        raise ValidationError({"start_date": f"More than {MOST} rows: ask for fewer days, or for less at once."})
    return [
        {**{name: group[name] for name in by}, **{name: int(group[f"sum_{name}"] or 0) for name in COUNTS}}
        for group in groups
    ]


def added(groups: Iterable[Line]) -> Counts:
    """Counts of several groups as one."""
    found = dict.fromkeys(COUNTS, 0)
    for group in groups:
        for name in COUNTS:
            found[name] += group[name]
    return found


def by_lifetime(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows with what they spent in all (`lifetime`) and when counting began, those who spent most first."""
    spend = Spend.objects.filter(object_id=OuterRef("pk"))
    lifetime = Coalesce(Subquery(spend.values("lifetime")[:1], output_field=BigIntegerField()), 0)
    return rows.annotate(lifetime=lifetime).order_by("-lifetime", "pk")


def names_of(model: Any, ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """Public id and label of rows, also of those that are gone: history keeps the names (rulebook 9)."""
    wanted = set(ids)
    found = {row.pk: (row.public_id, row.label) for row in model._default_manager.filter(pk__in=wanted)}
    gone = {str(pk) for pk in wanted - found.keys()}
    archived = Archived.objects.filter(kind=model._meta.model_name, object_id__in=gone)
    found |= {UUID(pk): (pk, name) for pk, name in archived.values_list("object_id", "name")}
    return found | {pk: (str(pk), "") for pk in wanted - found.keys()}


def known_models(actor: Actor, names: Iterable[str]) -> QuerySet[CatalogModel]:
    """The models of these names that the actor sees: nobody hears of another team's own."""
    return policy.visible(actor, Action.VIEW_MODELS, CatalogModel.objects.filter(name__in=list(names)))


def providers(actor: Actor, names: Iterable[str]) -> dict[str, str]:
    """The provider behind each model name, as the catalog says; `unknown` for what it lacks."""
    found = dict.fromkeys(names, UNKNOWN)
    for model in known_models(actor, found):
        upstream = str(model.params.get("model", ""))
        prefix = upstream.partition("/")[0] if "/" in upstream else ""
        found[model.name] = str(model.params.get("custom_llm_provider") or prefix or UNKNOWN)
    return found


def most(found: QuerySet[DailyUsage], by: str, measure: str, limit: int) -> list[Line]:
    """The lines added up by one column, the `limit` groups that have most of the measure, those first."""
    size = F("sum_prompt_tokens") + F("sum_completion_tokens") if measure == "tokens" else F(f"sum_{measure}")
    return [line_of(group, by) for group in summed(found, by).annotate(size=size).order_by("-size", by)[:limit]]


def group_page(found: QuerySet[DailyUsage], by: str, after: str, size: int) -> tuple[list[Line], str]:
    """The lines added up by one column, in its order from a cursor (at first nothing); and the next (at last nothing).

    Each group comes once, whatever is booked meanwhile, and costs the lines of its own alone.
    """
    found = found.filter(**{f"{by}__gt": after}) if after else found
    groups = [line_of(group, by) for group in summed(found, by).order_by(by)[: size + 1]]
    return groups[:size], str(groups[size - 1][by]) if len(groups) > size else ""


def count_groups(found: QuerySet[DailyUsage], by: str, up_to: int) -> int:
    """How many groups there are, counting no further than makes a difference."""
    return found.order_by().values(by).distinct()[:up_to].count()


def summed(found: QuerySet[DailyUsage], by: str) -> QuerySet[Any, Line]:
    return found.order_by().values(by).annotate(**{f"sum_{name}": Sum(name) for name in COUNTS})


def line_of(group: Line, by: str) -> Line:
    return {by: group[by], **{name: int(group[f"sum_{name}"] or 0) for name in COUNTS}}
