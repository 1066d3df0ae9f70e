"""/spend/*: what was spent, call by call. Each function is one request, one call, one answer."""

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
from api.litellm.spend.shapes import SCOPES, dollars, find_key, find_person, grouped, keys_by_id, ledger_named, tokens
from api.litellm.users.rows import PEOPLE
from gateway.ledger.reading import calls, narrowed
from gateway.models import Usage
from gateway.spending import Ledger, added, by_lifetime, everywhere, lines, totals, visible_keys
from gateway.spent import spent
from keys.models import Key
from rbacadmin import money, policy
from rbacadmin.models import fold
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.page import MAX_OFFSET
from teams.models import User

COLUMNS = ("api_key", "user_id", "team_id", "project_id", "organization_id")
PAGED = "/spend/logs/v2"
NEWEST = ("-ended_at", "-pk")
CALL_FILTERS = ("request_id", "status", "min_spend", "max_spend", "end_user", "tag", "key_alias")


def logs(actor: Actor, body: asks.Logs) -> list[Row]:
    """By day when dates are given and `summarize` is not false; else call by call, newest first."""
    dated, (first, last) = days_of(body)
    if dated and body.summarize and not about_calls(body):
        ledgers, _ = chosen(actor, body)
        days = grouped(totals(lines(ledgers, first, last, body.model or ""), "day", "model"), "day")
        return [day_row(day, groups) for day, groups in days.items()]
    found, named = calls_asked_for(actor, body)
    rows = list(found.order_by(*NEWEST)[: MAX_OFFSET + 1])
    if len(rows) > MAX_OFFSET:
        raise ValidationError(f"There are more than {MAX_OFFSET} rows: use {PAGED}, which has pages.")
    return log_rows(actor, rows, named)


def logs_page(actor: Actor, body: asks.LogsPage) -> dict[str, Any]:
    """Call by call, newest first."""
    found, named = calls_asked_for(actor, body)
    start = (body.page - 1) * body.page_size
    if start + body.page_size > MAX_OFFSET:
        raise ValidationError({"page": f"Pages reach the first {MAX_OFFSET} rows: ask for fewer days."})
    rows = list(found.order_by(*NEWEST)[start : start + body.page_size])
    page = policy.Numbered(rows, policy.count(found), body.page, body.page_size)
    return lists.numbered(page, "data", log_rows(actor, rows, named))


def days_of(body: asks.Filter) -> tuple[bool, tuple[date | None, date | None]]:
    """Whether days are asked for, and which."""
    dated = bool(body.start_date or body.end_date)
    return dated, dates.days(body.start_date, body.end_date) if dated else (None, None)


def about_calls(body: asks.Calls) -> bool:
    """Whether something is asked that only single calls know."""
    return any(getattr(body, name) is not None for name in CALL_FILTERS)


def calls_asked_for(actor: Actor, body: asks.Calls) -> tuple[QuerySet[Usage], dict[str, str]]:
    """The calls that a request is about, and what it names, for rows that are about nothing else."""
    _, (first, last) = days_of(body)
    ledgers, named = chosen(actor, body)
    found = narrowed(
        calls(ledgers, first, last),
        model=body.model,
        request_id=body.request_id,
        status=body.status,
        least=None if body.min_spend is None else money.to_nano(body.min_spend),
        most=None if body.max_spend is None else money.to_nano(body.max_spend),
        customer=body.end_user,
        tag=body.tag,
    )
    if body.key_alias is not None:
        aliased = visible_keys(actor, KEYS.filter(alias_key=fold(body.key_alias)))
        found = found.filter(key_id__in=aliased.values("pk"))
    return found, named


def day_row(day: date, groups: Sequence[Any]) -> Row:
    counts = added(groups)
    return {
        "startTime": day.isoformat(),
        "spend": dollars(counts["spend"]),
        "models": {group["model"]: dollars(group["spend"]) for group in groups},
        "total_tokens": tokens(counts),
        "api_requests": counts["requests"],
    }


def chosen(actor: Actor, body: asks.Filter) -> tuple[Sequence[Ledger], dict[str, str]]:
    """Whose lines a request is about, and what it names, for rows that are about nothing else."""
    given = {column: ident for column in COLUMNS if (ident := getattr(body, column))}
    if len(given) == 1:
        column, ident = next(iter(given.items()))
        row, ledger = ledger_named(actor, column, ident)
        named = {} if column == "api_key" else {"user" if column == "user_id" else column: row.public_id}
        return [ledger], named
    if not given:
        return everywhere(actor, Key)[0], {}
    fitting = KEYS.all()
    for column, ident in given.items():
        if column == "api_key":
            fitting = fitting.filter(pk=find_key(actor, ident).pk)
            continue
        model: Any = {"user_id": User, **SCOPES}[column]
        fitting = fitting.filter(**{column: policy.find(actor, model.view_action, model, ident).pk})
    return [Ledger("key", visible_keys(actor, fitting).values("pk"))], {}


def log_rows(actor: Actor, rows: Sequence[Usage], named: Mapping[str, str]) -> list[Row]:
    """Calls as LiteLLM's log rows; they say where the key lives, as far as it is there. One query."""
    known = keys_by_id(actor, [row.key_id for row in rows if row.key_id])
    return [
        {
            "request_id": row.request_id,
            "status": row.status,
            "startTime": row.started_at.isoformat(),
            "endTime": row.ended_at.isoformat(),
            **named,
            **place_of(known, row.key_id),
            "model": row.model,
            "spend": dollars(row.cost),
            "prompt_tokens": row.prompt_tokens,
            "completion_tokens": row.completion_tokens,
            "total_tokens": row.prompt_tokens + row.completion_tokens,
            "end_user": row.customer or None,
            "request_tags": row.tags,
            "call_type": row.route or None,
        }
        for row in rows
    ]


def place_of(known: Mapping[UUID, Key], pk: UUID | None) -> Row:
    key = known.get(pk) if pk else None
    if key is None:
        return {}
    person = key.person
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
