"""Models as LiteLLM shows them, cut down to what the caller may read."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from api.litellm.shown import readable
from api.litellm.translate import record_of
from api.litellm.types import BIG
from gateway.models import CatalogModel, ModelAccessGroup
from gateway.params import MASK, price_of, price_shown
from rbacadmin import policy
from rbacadmin.policy import Action, Actor

MODELS = CatalogModel.objects.select_related("team", "project", "organization")
PRICES = {"input_cost_per_token": "input_price", "output_cost_per_token": "output_price"}
RATES = {"tpm": "tpm_limit", "rpm": "rpm_limit"}
# What `model_info` shows and no client can set, so that it may send a whole row back.
COMPUTED = frozenset({"id", "db_model", "blocked", "access_groups", "team_id", "project_id", "organization_id"}) | {
    *("created_at", "updated_at", "created_by", "updated_by", "team_public_model_name"),
}


def model_rows(actor: Actor, models: Sequence[CatalogModel]) -> list[dict[str, Any]]:
    """Models, with the access groups that the caller sees. Needs the joins of MODELS."""
    allowed = readable(actor, models)
    seen = policy.visible(actor, Action.VIEW_ACCESS_GROUPS, ModelAccessGroup.objects.order_by("name"))
    groups = list(seen) if models else []
    return [model_row(row, allowed[row.pk], groups) for row in models]


def model_row(row: CatalogModel, allowed: frozenset[str], groups: list[ModelAccessGroup]) -> dict[str, Any]:
    record = record_of(row) if "created_at" in allowed else {}
    platforms = not (row.organization_id or row.team_id or row.project_id)
    info = {
        **(row.info if "info" in allowed else {}),
        "id": row.public_id,
        "db_model": row.source == "db",
        "blocked": row.blocked,
        "team_id": row.team.public_id if row.team else None,
        "project_id": row.project.public_id if row.project else None,
        "organization_id": row.organization.public_id if row.organization else None,
        "access_groups": [group.name for group in groups if platforms and row.name in group.models],
        **{name: price_shown(getattr(row, column)) for name, column in PRICES.items()},
        **record,
    }
    return {
        "model_id": row.public_id,
        "model_name": row.name,
        "litellm_params": params_of(row) if "params" in allowed else {},
        "model_info": info,
        "blocked": row.blocked,
        **record,
    }


def params_of(row: CatalogModel) -> dict[str, Any]:
    """The plain parameters; a credential is only said to be there."""
    masked = {"api_key": MASK} if row.credential else {}
    rates = {name: value for name, column in RATES.items() if (value := getattr(row, column)) is not None}
    return {**row.params, **masked, **rates}


def stored(params: Mapping[str, Any] | None, info: Mapping[str, Any] | None) -> dict[str, Any]:
    """The columns that `litellm_params` and `model_info` set: prices and rates stand in either."""
    found: dict[str, Any] = {}
    for name, column in PRICES.items():
        for place in (info or {}, params or {}):
            if name in place:
                found[column] = price(name, place[name])
    for name, column in RATES.items():
        if name in (params or {}):
            found[column] = rate(name, (params or {})[name])
    own = PRICES.keys() | RATES.keys()
    if params is not None:
        found["params"] = {name: value for name, value in params.items() if name not in own}
    if info is not None:
        found["info"] = {name: value for name, value in info.items() if name not in own | COMPUTED}
    return found


def price(name: str, value: Any) -> int:
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValidationError({name: "Must be a price in dollars."})
    try:
        return price_of(value)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from error


def rate(name: str, value: Any) -> int | None:
    """Requests or tokens a minute. LiteLLM's command line sends every parameter as text."""
    number = (
        int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 16 else value
    )
    if number is not None and (isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= BIG):
        raise ValidationError({name: "Must be a whole number, not below 0."})
    return number
