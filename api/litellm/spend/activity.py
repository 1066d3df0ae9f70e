"""/{user,team,organization,project}/daily/activity: day by day, and by whom and with what."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from api.litellm import dates
from api.litellm.scopes import listed
from api.litellm.shown import Row
from api.litellm.spend import asks
from api.litellm.spend.shapes import SCOPES, costliest, find_key, grouped, keys_by_id, ledger_named, metrics
from gateway.spending import (
    Ledger,
    Line,
    added,
    everywhere,
    lines,
    names_of,
    own_parts,
    providers,
    totals,
    visible_keys,
)
from keys.models import Key
from rbacadmin.policy import Actor
from teams.models import User

MODELS: dict[str, Any] = {"user_id": User, **SCOPES}


def of_users(actor: Actor, body: asks.UserActivity) -> Row:
    """Without a user, everybody whose spend you see: yourself, or all for the platform's people."""
    return activity(actor, "user_id", body, listed(body.user_ids or body.user_id))


def of_teams(actor: Actor, body: asks.TeamActivity) -> Row:
    """Without a team, all whose spend you see; of a team that you are merely a member of, your own part."""
    return activity(actor, "team_id", body, listed(body.team_ids))


def of_organizations(actor: Actor, body: asks.OrganizationActivity) -> Row:
    """Without an organization, all whose spend you see."""
    return activity(actor, "organization_id", body, listed(body.organization_ids))


def of_projects(actor: Actor, body: asks.ProjectActivity) -> Row:
    """Without a project, all whose spend you see; of a project that you are merely a member of, your own part."""
    return activity(actor, "project_id", body, listed(body.project_ids))


def activity(actor: Actor, column: str, body: asks.Activity, idents: Sequence[str]) -> Row:
    """The days that have usage, newest first, in pages; the totals are those of the whole range."""
    first, last = dates.days(body.start_date, body.end_date)
    model = MODELS[column]
    if idents:
        found = [ledger_named(actor, column, ident) for ident in idents]
        ledgers = [ledger for _, ledger in found]
        parts = own_parts(actor, model._meta.model_name, [row.pk for row, _ in found])
        within: Any = [row.pk for row, _ in found]
    else:
        ledgers, parts = everywhere(actor, model)
        within = None
    keys = visible_keys(actor, Key.objects.all() if within is None else Key.objects.filter(**{f"{column}__in": within}))
    if body.api_key:
        key = find_key(actor, body.api_key)
        home = getattr(key, column)
        keys = keys.filter(pk=key.pk, **{f"{column}__isnull": False})
        ledgers, parts = [Ledger("key", keys.values("pk"))], {key.pk: home} if home else {}
    usage = lines(ledgers, first, last, body.model or "")
    whole, days = added(totals(usage)), sorted({group["day"] for group in totals(usage, "day")}, reverse=True)
    start = (body.page - 1) * body.page_size
    shown = days[start : start + body.page_size]
    pages = -(-len(days) // body.page_size)
    by_key = lines([Ledger("key", keys.values("pk"))], first, last, body.model or "")
    return {
        "results": results(actor, model, usage.filter(day__in=shown), by_key.filter(day__in=shown), parts),
        "metadata": {
            **{f"total_{name.removeprefix('total_')}": value for name, value in metrics(whole).items()},
            "page": body.page,
            "total_pages": pages,
            "has_more": body.page < pages,
        },
    }


def results(actor: Actor, model: Any, usage: Any, by_key: Any, parts: Mapping[UUID, UUID]) -> list[Row]:
    """The days with their breakdowns. The same few queries whatever there is."""
    of_models, of_entities = totals(usage, "day", "model"), totals(usage, "day", "object_id")
    for group in of_entities:
        group["entity"] = parts.get(group["object_id"], group["object_id"])
    of_keys = totals(by_key, "day", "object_id")
    known = keys_by_id(actor, {group["object_id"] for group in of_keys})
    names = names_of(model, {group["entity"] for group in of_entities})
    behind = providers(actor, {group["model"] for group in of_models})
    for group in of_models:
        group["provider"] = behind[group["model"]]
    models, entities, keys = grouped(of_models, "day"), grouped(of_entities, "day"), grouped(of_keys, "day")
    found = []
    for day in sorted(models, reverse=True):
        by_model = breakdown(models[day], "model")
        breakdowns = {
            "models": by_model,
            "model_groups": by_model,
            "providers": breakdown(models[day], "provider"),
            "api_keys": {
                known[pk].token: {"metrics": metrics(counts), "metadata": about(known[pk])}
                for pk, counts in costliest(keys[day], "object_id")
                if pk in known
            },
            "entities": {
                names[pk][0]: {"metrics": metrics(counts), "metadata": {"alias": names[pk][1]}}
                for pk, counts in costliest(entities[day], "entity")
            },
        }
        found.append({"date": day.isoformat(), "metrics": metrics(added(models[day])), "breakdown": breakdowns})
    return found


def breakdown(groups: Sequence[Line], name: str) -> Row:
    return {key: {"metrics": metrics(counts), "metadata": {}} for key, counts in costliest(groups, name)}


def about(key: Key) -> Row:
    return {"key_alias": key.alias or None, "team_id": key.team.public_id if key.team else None}
