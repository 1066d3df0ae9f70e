"""/{key,user,team,organization}/spend/report: what each cost in a range of days, model by model."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from api.litellm import dates
from api.litellm.shown import Row
from api.litellm.spend import asks
from api.litellm.spend.shapes import SCOPES, costliest, dollars, grouped, keys_by_id, ledger_named
from gateway.spending import Line, everywhere, lines, names_of, own_parts, totals
from keys.models import Key
from rbacadmin.policy import Actor
from teams.models import User

COLUMNS = {"key": "api_key", "user": "user_id", "team": "team_id", "organization": "organization_id"}


def of_keys(actor: Actor, body: asks.KeyReport) -> list[Row]:
    return report(actor, Key, body, body.api_key)


def of_users(actor: Actor, body: asks.UserReport) -> list[Row]:
    return report(actor, User, body, body.user_id)


def of_teams(actor: Actor, body: asks.TeamReport) -> list[Row]:
    """Of a team that you are merely a member of, your own part."""
    return report(actor, SCOPES["team_id"], body, body.team_id)


def of_organizations(actor: Actor, body: asks.OrganizationReport) -> list[Row]:
    return report(actor, SCOPES["organization_id"], body, body.organization_id)


def report(actor: Actor, model: Any, body: asks.Report, ident: str | None) -> list[Row]:
    """One entity, or all whose spend the caller sees."""
    first, last = dates.days(body.start_date, body.end_date)
    kind = model._meta.model_name
    if ident:
        row, ledger = ledger_named(actor, COLUMNS[kind], ident)
        ledgers, parts = [ledger], own_parts(actor, kind, [row.pk])
    else:
        ledgers, parts = everywhere(actor, model)
    groups = totals(lines(ledgers, first, last), "object_id", "model")
    for group in groups:
        group["object_id"] = parts.get(group["object_id"], group["object_id"])
    return cost_rows(actor, model, groups)


def cost_rows(actor: Actor, model: Any, groups: Sequence[Line]) -> list[Row]:
    """One row for each entity, those that cost most first."""
    kind, by_entity = model._meta.model_name, grouped(groups, "object_id")
    names = named_keys(actor, by_entity) if kind == "key" else names_of(model, by_entity)
    found = []
    for pk, counts in costliest(groups, "object_id"):
        ident, label = names.get(pk, (None, ""))
        details = costliest(by_entity[pk], "model")
        found.append(
            {
                COLUMNS[kind]: ident,
                "name": label or ident or "",
                **amounts(counts),
                "model_details": [{"model": name, **amounts(part)} for name, part in details],
            }
        )
    return found


def named_keys(actor: Actor, ids: Any) -> dict[UUID, tuple[str, str]]:
    return {pk: (key.token, key.label) for pk, key in keys_by_id(actor, ids).items()}


def amounts(counts: dict[str, int]) -> Row:
    return {
        "total_cost": dollars(counts["spend"]),
        "total_input_tokens": counts["prompt_tokens"],
        "total_output_tokens": counts["completion_tokens"],
    }
