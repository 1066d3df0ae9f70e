"""What one scope, person or key used, on its own page: over time, and by model, member, key, team or project."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dashboard.charts import draw
from dashboard.exports import Source, answer, asked_at
from dashboard.usage import export
from dashboard.usage.asked import MEASURES, PERIODS, Asked
from dashboard.usage.reading import SHOWN, Group, Usage, share, size
from gateway.models import DailyUsage
from gateway.spending import MOST, Counts, Ledger, Line, added, ledger_of, lines, most, names_of, totals, visible_keys
from keys.models import Key
from orgs.models import Project
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.models import Archived
from rbacadmin.policy import Action, Actor
from teams.models import Membership, Team, User

# What the usage of each kind of row is told apart by.
PARTS: Mapping[str, tuple[str, ...]] = {
    "organization": ("model", "team", "project", "key"),
    "team": ("model", "membership", "key"),
    "project": ("model", "membership", "key"),
    "user": ("model", "key"),
    "key": ("model",),
}
NAMES = {"model": _("Model"), "membership": _("Member"), "key": _("Key"), "team": _("Team"), "project": _("Project")}
OWN_PARTS = ("team", "project")  # where a member's own part is counted for itself
MODELS: Mapping[str, Any] = {"key": Key, "team": Team, "project": Project}
PAGES = {"key": "key-detail", "team": "team-detail", "project": "project-detail"}


def may_see(actor: Actor, row: Any) -> bool:
    """Whether there is anything to show: all of it, or of a scope that one is a member of, one's own part."""
    return policy.can(actor, Action.VIEW_SPEND, row) or bool(
        row._meta.model_name in OWN_PARTS and (row._meta.model_name, row.pk) in actor.roles
    )


def section(request: Request, row: Any, frame: Callable[[], dict[str, Any]]) -> HttpResponseBase:
    """The page, or the file. Raises PermissionDenied."""
    asked = wanted(request, row)
    if request.GET.get("format") == "csv":
        return answer(request, exported(request.actor, row, asked))
    usage = read(request.actor, row, asked)
    context = {
        **frame(),
        "asked": asked,
        "usage": usage,
        "choices": [("by", parts_of(request.actor, row)), ("days", PERIODS), ("measure", MEASURES)],
        "grouped": NAMES[asked.by],
        "measured": MEASURES[asked.measure],
        "by_key": asked.by == "key" and row._meta.model_name != "key",
    }
    return render(request, "usage/section.html", context)


def parts_of(actor: Actor, row: Any) -> dict[str, Any]:
    """What this person may tell the usage apart by: whoever sees their own part alone, by model."""
    parts = PARTS[row._meta.model_name] if policy.can(actor, Action.VIEW_SPEND, row) else ("model",)
    return {name: NAMES[name] for name in parts}


def wanted(request: Request, row: Any) -> Asked:
    """What the address asks for. What it asks for and is not known is passed over."""
    by, days, measure = (request.GET.get(name, "") for name in ("by", "days", "measure"))
    by = by if by in parts_of(request.actor, row) else "model"
    counted = measure if measure in MEASURES else "spend"
    return Asked(by, int(days if days in PERIODS else "30"), counted, "", asked_at(request).date())


def read(actor: Actor, row: Any, asked: Asked) -> Usage:
    """The days, the whole and the groups. The same few queries always."""
    own = lines([ledger_of(actor, row)], asked.first, asked.last)
    by_day = totals(own, "day")
    chart = draw({line["day"]: size(line, asked.measure) for line in by_day}, asked.last, asked.days)
    whole = added(by_day)
    of = size(whole, asked.measure)
    some = most(told_apart(actor, row, asked, own), asked.column, asked.measure, SHOWN + 1)
    groups = [*named(actor, asked, some, of), *rest_of(row, asked, whole)]
    return Usage(chart, whole, groups[:SHOWN], len(groups) > SHOWN)


def exported(actor: Actor, row: Any, asked: Asked) -> Source:
    """The groups as a file, whole. Raises PermissionDenied."""
    own = lines([ledger_of(actor, row)], asked.first, asked.last)

    def rest() -> list[Group]:
        (whole,) = totals(own)
        return rest_of(row, asked, whole)

    name, found = f"usage-{row._meta.model_name}", told_apart(actor, row, asked, own)
    return export.source(name, asked, found, lambda some: named(actor, asked, some, 0), rest)


def told_apart(actor: Actor, row: Any, asked: Asked, own: QuerySet[DailyUsage]) -> QuerySet[DailyUsage]:
    """The lines that are added up: its own by model, or those of what is in it."""
    if asked.by == "model":
        return own
    ids = members_of(row) if asked.by == "membership" else beneath(actor, row, asked.by)
    return lines([Ledger(asked.by, ids)], asked.first, asked.last)


def named(actor: Actor, asked: Asked, some: Sequence[Line], of: int) -> list[Group]:
    """The groups with their names; what is gone keeps its name and has no page."""
    if asked.by == "model":
        return [Group(line["model"], line, share(line, asked, of)) for line in some]
    pks = [line["object_id"] for line in some]
    names = people_named(actor, pks) if asked.by == "membership" else rows_named(asked.by, pks)
    return [
        Group(name, line, share(line, asked, of), str(pk), gone=asked.by != "membership" and not url, url=url)
        for pk, line in zip(pks, some, strict=True)
        for name, url in [names[pk]]
    ]


def rest_of(row: Any, asked: Asked, whole: Counts) -> list[Group]:
    """What is of no member, as a group of its own, where members are told apart."""
    rest = not_of_members(row, asked, whole) if asked.by == "membership" else None
    label = str(_("Service accounts, and people who have left"))
    return [Group(label, rest, share(rest, asked, size(whole, asked.measure)))] if rest else []


def members_of(row: Any) -> Any:
    """The memberships in a team or project."""
    return Membership.objects.filter(**{f"{row._meta.model_name}_id": row.pk}).values("pk")


def not_of_members(row: Any, asked: Asked, whole: Counts) -> Counts | None:
    """What a scope used and none of its members did, so that the groups add up to the whole. One query."""
    (theirs,) = totals(lines([Ledger("membership", members_of(row))], asked.first, asked.last))
    rest = {name: whole[name] - theirs[name] for name in whole}
    return rest if any(rest.values()) else None


def beneath(actor: Actor, row: Any, kind: str) -> Any:
    """The keys, teams or projects beneath a row, those that are gone too where somebody sees all that was spent."""
    model, column = MODELS[kind], row._meta.model_name
    live = model._default_manager.filter(**{column: row.pk})
    if kind == "key" and isinstance(row, User):
        return list(visible_keys(actor, live).values_list("pk", flat=True)[:MOST])
    gone = Archived.objects.filter(kind=kind, **{f"{column}_id": row.pk}).values_list("object_id", flat=True)
    return [*live.values_list("pk", flat=True)[:MOST], *map(UUID, gone[:MOST])]


def rows_named(kind: str, pks: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Name and page of keys, teams or projects; no page for what is gone. 3 queries."""
    live = set(MODELS[kind]._default_manager.filter(pk__in=pks).values_list("pk", flat=True))
    names = names_of(MODELS[kind], pks)
    return {pk: (names[pk][1] or names[pk][0], reverse(PAGES[kind], args=(pk,)) if pk in live else "") for pk in pks}


def people_named(actor: Actor, pks: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Name and page of the people behind memberships; the page only of those whom the asker sees. 2 queries."""
    rows = {row.pk: row for row in Membership.objects.filter(pk__in=pks).select_related("user")}
    people = User.objects.filter(pk__in=[row.user_id for row in rows.values()])
    seen = set(policy.visible(actor, Action.VIEW_PEOPLE, people).values_list("pk", flat=True))
    pages = {pk: reverse("person-detail", args=(row.user_id,)) for pk, row in rows.items() if row.user_id in seen}
    return {pk: (row.user.label, pages.get(pk, "")) for pk, row in rows.items()}
