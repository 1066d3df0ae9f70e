"""/global/*: the whole platform's spend, for its own people (SPD-05)."""

from collections import Counter
from typing import Any
from uuid import UUID

from api.litellm import dates
from api.litellm.shown import Row
from api.litellm.spend import asks
from api.litellm.spend.reports import cost_rows
from api.litellm.spend.shapes import costliest, dollars, find_key, grouped, keys_by_id, tokens
from api.types import Nothing
from gateway.spending import Ledger, Line, added, lines, names_of, providers, totals
from keys.models import Key
from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams.models import Team, User

EVERY_KEY = Ledger("key")  # every call has a key, so their lines are all there is
GROUPS: dict[str, Any] = {"api_key": Key, "user": User, "organization": Organization, "team": Team}


def usage(actor: Actor, body: asks.Days, *by: str, ledger: Ledger = EVERY_KEY) -> list[Line]:
    policy.require(actor, Action.VIEW_SPEND)
    return totals(lines([ledger], *dates.days(body.start_date, body.end_date)), *by)


def spend(actor: Actor, body: Nothing) -> Row:
    """What was spent in all, ever. The platform itself has no budget."""
    policy.require(actor, Action.VIEW_SPEND)
    return {"spend": dollars(added(totals(lines([EVERY_KEY])))["spend"]), "max_budget": None}


def logs(actor: Actor, body: asks.GlobalDays) -> list[Row]:
    """Day by day."""
    policy.require(actor, Action.VIEW_SPEND)
    ledger = Ledger("key", [find_key(actor, body.api_key).pk]) if body.api_key else EVERY_KEY
    return [
        {"date": group["day"].isoformat(), "spend": dollars(group["spend"])}
        for group in usage(actor, body, "day", ledger=ledger)
    ]


def top_keys(actor: Actor, body: asks.GlobalTop) -> list[Row]:
    """The keys that cost most; what is gone has no name any more."""
    top = costliest(usage(actor, body, "object_id"), "object_id")[: body.limit]
    known = keys_by_id(actor, [pk for pk, _ in top])
    found = []
    for pk, counts in top:
        key = known.get(pk)
        names = {"api_key": key.token, "key_alias": key.alias or None, "key_name": key.name} if key else {}
        found.append({**names, "total_spend": dollars(counts["spend"])})
    return found


def teams(actor: Actor, body: asks.Days) -> Row:
    """Day by day and team by team."""
    groups = usage(actor, body, "day", "object_id", ledger=Ledger("team"))
    names = distinct(names_of(Team, {group["object_id"] for group in groups}))
    daily = [
        {"date": day.isoformat(), **{names[part["object_id"]]: dollars(part["spend"]) for part in parts}}
        for day, parts in grouped(groups, "day").items()
    ]
    top = [(names[pk], dollars(counts["spend"])) for pk, counts in costliest(groups, "object_id")]
    return {
        "daily_spend": daily,
        "teams": [name for name, _ in top],
        "total_spend_per_team": [{"team_id": name, "total_spend": total} for name, total in top],
    }


def distinct(names: dict[UUID, tuple[str, str]]) -> dict[UUID, str]:
    """A name for each team that no other has: two organizations may each have a team of one name."""
    often = Counter(label for _, label in names.values()) + Counter(["", "date"] * 2)
    return {pk: label if often[label] == 1 else f"{label} ({public_id})" for pk, (public_id, label) in names.items()}


def models(actor: Actor, body: asks.GlobalTop) -> list[Row]:
    top = costliest(usage(actor, body, "model"), "model")[: body.limit]
    return [{"model": name, "total_spend": dollars(counts["spend"])} for name, counts in top]


def by_provider(actor: Actor, body: asks.Days) -> list[Row]:
    groups = usage(actor, body, "model")
    behind = providers(actor, [group["model"] for group in groups])
    top = costliest([{**group, "provider": behind[group["model"]]} for group in groups], "provider")
    return [{"provider": name, "spend": dollars(counts["spend"])} for name, counts in top]


def report(actor: Actor, body: asks.GlobalReport) -> list[Row]:
    """What each team, organization, person or key cost."""
    policy.require(actor, Action.VIEW_SPEND)
    model = GROUPS[body.group_by]
    first, last = dates.days(body.start_date, body.end_date)
    return cost_rows(actor, model, totals(lines([Ledger(model._meta.model_name)], first, last), "object_id", "model"))


def activity(actor: Actor, body: asks.Days) -> Row:
    return active(usage(actor, body, "day"))


def activity_of_models(actor: Actor, body: asks.Days) -> list[Row]:
    """Model by model, those with most requests first."""
    found = grouped(usage(actor, body, "model", "day"), "model")
    rows = [{"model": model, **active(groups)} for model, groups in found.items()]
    return sorted(rows, key=lambda row: (-row["sum_api_requests"], row["model"]))


def active(groups: list[Line]) -> Row:
    return {
        "daily_data": [
            {"date": group["day"].isoformat(), "api_requests": group["requests"], "total_tokens": tokens(group)}
            for group in groups
        ],
        "sum_api_requests": sum(group["requests"] for group in groups),
        "sum_total_tokens": sum(map(tokens, groups)),
    }
