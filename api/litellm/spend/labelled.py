"""/{customer,tag}/daily/activity, /spend/tags and /global/spend/end_users: usage by words that calls carry."""

from collections.abc import Sequence
from typing import Any

from api.litellm import dates
from api.litellm.scopes import listed
from api.litellm.shown import Row
from api.litellm.spend import asks
from api.litellm.spend.activity import about, breakdown
from api.litellm.spend.shapes import costliest, dollars, find_key, grouped, keys_by_id, metrics
from gateway.ledger.labelled import by_key, by_name
from gateway.models import Customer
from gateway.spending import Line, added, providers
from keys.models import Key
from rbacadmin import policy
from rbacadmin.policy import Action, Actor


def of_customers(actor: Actor, body: asks.CustomerActivity) -> Row:
    """Without an end user, all of the calls that you see; all there are for the platform's people."""
    return activity(actor, "customer", body, listed(body.end_user_ids))


def of_tags(actor: Actor, body: asks.TagActivity) -> Row:
    """Without a tag, all of the calls that you see. A call with two tags counts for both, in the totals too."""
    return activity(actor, "tag", body, listed(body.tags))


def activity(actor: Actor, kind: str, body: asks.Activity, names: Sequence[str]) -> Row:
    """The days that have usage, newest first, in pages; the totals are those of the whole range."""
    first, last = dates.days(body.start_date, body.end_date)
    key = find_key(actor, body.api_key) if body.api_key else None
    model = body.model or ""
    usage = by_name(actor, kind, first, last, names=names, model=model, key=key)
    by_day = grouped(usage, "day")
    days = sorted(by_day, reverse=True)
    start = (body.page - 1) * body.page_size
    shown = days[start : start + body.page_size]
    keys = grouped(by_key(actor, kind, shown, names=names, model=model, key=key), "day")
    known = keys_by_id(actor, {line["key_id"] for lines in keys.values() for line in lines if line["key_id"]})
    behind = providers(actor, {line["model"] for line in usage})
    aliases = aliases_of(actor, kind, {line["name"] for day in shown for line in by_day[day]})
    pages = -(-len(days) // body.page_size)
    return {
        "results": [
            {
                "date": day.isoformat(),
                "metrics": metrics(added(by_day[day])),
                "breakdown": parts(by_day[day], behind, aliases, keys.get(day, []), known),
            }
            for day in shown
        ],
        "metadata": {
            **{f"total_{name.removeprefix('total_')}": value for name, value in metrics(added(usage)).items()},
            "page": body.page,
            "total_pages": pages,
            "has_more": body.page < pages,
        },
    }


def parts(lines: Sequence[Line], behind: Any, aliases: Any, of_keys: Sequence[Line], known: Any) -> Row:
    """One day by model, provider, key and name."""
    by_model = breakdown(lines, "model")
    return {
        "models": by_model,
        "model_groups": by_model,
        "providers": breakdown([{**line, "provider": behind[line["model"]]} for line in lines], "provider"),
        "api_keys": {
            known[pk].token: {"metrics": metrics(counts), "metadata": about(known[pk])}
            for pk, counts in costliest(of_keys, "key_id")
            if pk in known
        },
        "entities": {
            name: {"metrics": metrics(counts), "metadata": {"alias": aliases.get(name, "")}}
            for name, counts in costliest(lines, "name")
        },
    }


def aliases_of(actor: Actor, kind: str, names: set[str]) -> dict[str, str]:
    """What end users are called, for those who see customers."""
    if kind != "customer":
        return {}
    rows = policy.visible(actor, Action.VIEW_CUSTOMERS, Customer.objects.filter(public_id__in=names))
    return dict(rows.values_list("public_id", "name"))


def tags(actor: Actor, body: asks.Days) -> list[Row]:
    """What calls with each tag cost: the tags of their keys, and those that they carried themselves."""
    lines = by_name(actor, "tag", *dates.days(body.start_date, body.end_date))
    return [
        {"individual_request_tag": tag, "log_count": counts["requests"], "total_spend": dollars(counts["spend"])}
        for tag, counts in costliest(lines, "name")
    ]


def end_users(actor: Actor, body: asks.EndUsers) -> list[Row]:
    """The end users that cost most, of all keys or of one."""
    policy.require(actor, Action.VIEW_SPEND)
    key: Key | None = find_key(actor, body.api_key) if body.api_key else None
    lines = by_name(actor, "customer", *dates.days(body.startTime, body.endTime), key=key)
    return [
        {"end_user": name, "total_count": counts["requests"], "total_spend": dollars(counts["spend"])}
        for name, counts in costliest(lines, "name")[: body.limit]
    ]
