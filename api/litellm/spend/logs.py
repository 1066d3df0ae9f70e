"""/spend/*: what was spent, row by row. Each function is one request, one call, one answer."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from api.litellm import dates, lists
from api.litellm.keys.rows import KEYS
from api.litellm.shown import Row
from api.litellm.spend import asks
from api.litellm.spend.shapes import (
    SCOPES,
    dollars,
    find_key,
    find_person,
    grouped,
    keys_by_id,
    ledger_named,
    metrics,
    tokens,
)
from api.litellm.users.rows import PEOPLE
from gateway.models import DailyUsage
from gateway.spending import COUNTS, Ledger, added, by_lifetime, everywhere, lines, totals, visible_keys
from gateway.spent import spent
from keys.models import Key
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.page import MAX_OFFSET
from teams.models import User

COLUMNS = ("api_key", "user_id", "team_id", "project_id", "organization_id")
PAGED = "/spend/logs/v2"
NEWEST = ("-day", "kind", "object_id", "model")


def logs(actor: Actor, body: asks.Logs) -> list[Row]:
    """By day when dates are given and `summarize` is not false; else row by row, newest first."""
    dated = bool(body.start_date or body.end_date)
    first, last = dates.days(body.start_date, body.end_date) if dated else (None, None)
    found, named = chosen(actor, body, first, last)
    if dated and body.summarize:
        days = grouped(totals(found, "day", "model"), "day")
        return [day_row(day, groups) for day, groups in days.items()]
    rows = list(found.order_by(*NEWEST)[: MAX_OFFSET + 1])
    if len(rows) > MAX_OFFSET:
        raise ValidationError(f"There are more than {MAX_OFFSET} rows: use {PAGED}, which has pages.")
    return log_rows(actor, rows, named)


def logs_page(actor: Actor, body: asks.LogsPage) -> dict[str, Any]:
    """Row by row, newest first: what one entity spent on one day with one model."""
    dated = bool(body.start_date or body.end_date)
    first, last = dates.days(body.start_date, body.end_date) if dated else (None, None)
    found, named = chosen(actor, body, first, last)
    start = (body.page - 1) * body.page_size
    if start + body.page_size > MAX_OFFSET:
        raise ValidationError({"page": f"Pages reach the first {MAX_OFFSET} rows: ask for fewer days."})
    rows = list(found.order_by(*NEWEST)[start : start + body.page_size])
    page = policy.Numbered(rows, policy.count(found), body.page, body.page_size)
    return lists.numbered(page, "data", log_rows(actor, rows, named))


def day_row(day: date, groups: Sequence[Any]) -> Row:
    counts = added(groups)
    return {
        "startTime": day.isoformat(),
        "spend": dollars(counts["spend"]),
        "models": {group["model"]: dollars(group["spend"]) for group in groups},
        "total_tokens": tokens(counts),
        "api_requests": counts["requests"],
    }


def chosen(
    actor: Actor, body: asks.Filter, first: date | None, last: date | None
) -> tuple[QuerySet[DailyUsage], dict[str, str]]:
    """The lines that a request is about, and what it names, for rows that are about nothing else."""
    given = {column: ident for column in COLUMNS if (ident := getattr(body, column))}
    if len(given) == 1:
        column, ident = next(iter(given.items()))
        row, ledger = ledger_named(actor, column, ident)
        named = {} if column == "api_key" else {"user" if column == "user_id" else column: row.public_id}
        return lines([ledger], first, last, body.model or ""), named
    if not given:
        ledgers, _ = everywhere(actor, Key)
        return lines(ledgers, first, last, body.model or ""), {}
    fitting = KEYS.all()
    for column, ident in given.items():
        if column == "api_key":
            fitting = fitting.filter(pk=find_key(actor, ident).pk)
            continue
        model: Any = {"user_id": User, **SCOPES}[column]
        fitting = fitting.filter(**{column: policy.find(actor, model.view_action, model, ident).pk})
    ledger = Ledger("key", visible_keys(actor, fitting).values("pk"))
    return lines([ledger], first, last, body.model or ""), {}


def log_rows(actor: Actor, rows: Sequence[DailyUsage], named: Mapping[str, str]) -> list[Row]:
    """Lines as LiteLLM's log rows; those of keys say where the key lives, as far as it is there. One query."""
    known = keys_by_id(actor, [row.object_id for row in rows if row.kind == "key"])
    found = []
    for row in rows:
        counts = metrics({name: getattr(row, name) for name in COUNTS})
        day = row.day.isoformat()
        found.append(
            {"startTime": day, "endTime": day, **named, **place_of(known, row.object_id), "model": row.model}
            | {name: value for name, value in counts.items() if not name.startswith("cache_")}
        )
    return found


def place_of(known: Mapping[UUID, Key], pk: UUID) -> Row:
    key = known.get(pk)
    if key is None:
        return {}
    person = key.user if key.user and key.user.kind == User.Kind.PERSON else None
    return {
        "api_key": key.token,
        "key_alias": key.alias or None,
        "user": person.public_id if person else None,
        "team_id": key.team.public_id if key.team else None,
        "project_id": key.project.public_id if key.project else None,
        "organization_id": key.organization.public_id if key.organization else None,
    }


def top_keys(actor: Actor, body: asks.TopKeys) -> list[Row]:
    """The keys whose spend you may see, those that spent most first."""
    rows = list(by_lifetime(visible_keys(actor, KEYS.all()))[: body.limit])
    current, known = spent(rows), {row.pk: row for row in rows}
    found = []
    for row in rows:
        place = place_of(known, row.pk)
        place["user_id"] = place.pop("user")
        amounts = {"spend": dollars(current.get(row.pk, 0)), "total_spend": dollars(row.lifetime)}
        found.append({**place, "key_name": row.name, **amounts, "max_budget": budget(row)})
    return found


def top_users(actor: Actor, body: asks.TopUsers) -> list[Row]:
    """The people whose spend you may see: yourself; everybody for the platform's people."""
    people = PEOPLE.all()
    if body.user_id:
        people = people.filter(pk=find_person(actor, body.user_id).pk)
    rows = list(by_lifetime(policy.visible(actor, Action.VIEW_SPEND, people))[: body.limit])
    current = spent(rows)
    return [
        {
            "user_id": row.public_id,
            "user_email": row.email,
            "spend": dollars(current.get(row.pk, 0)),
            "total_spend": dollars(row.lifetime),
            "max_budget": budget(row),
        }
        for row in rows
    ]


def budget(row: Any) -> float | None:
    return None if row.max_budget is None else dollars(row.max_budget)


def tags(actor: Actor, body: asks.Days) -> list[Row]:
    """What the keys with each tag spent; a key with two tags counts for both."""
    first, last = dates.days(body.start_date, body.end_date)
    tagged = dict(visible_keys(actor, Key.objects.exclude(tags=[])).values_list("pk", "tags")[: MAX_OFFSET + 1])
    if len(tagged) > MAX_OFFSET:
        raise ValidationError(f"More than {MAX_OFFSET} keys have tags.")
    ledger = Ledger("key", visible_keys(actor, Key.objects.exclude(tags=[])).values("pk"))
    parts: dict[str, list[Any]] = {}
    for group in totals(lines([ledger], first, last), "object_id"):
        for tag in dict.fromkeys(map(str, tagged.get(group["object_id"], ()))):
            parts.setdefault(tag, []).append(group)
    sums = sorted(
        ((tag, added(groups)) for tag, groups in parts.items()), key=lambda pair: (-pair[1]["spend"], pair[0])
    )
    return [
        {"individual_request_tag": tag, "log_count": counts["requests"], "total_spend": dollars(counts["spend"])}
        for tag, counts in sums
    ]
