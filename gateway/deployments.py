"""What `litellm_params` and `model_info` say of a model, as columns: for requests and for the configuration file."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from gateway.params import price_of

BIG = 2**53  # the largest whole number that every JSON reader keeps
PRICES = {"input_cost_per_token": "input_price", "output_cost_per_token": "output_price"}
RATES = {"tpm": "tpm_limit", "rpm": "rpm_limit"}
# What `model_info` shows and no client can set, so that it may send a whole row back.
COMPUTED = frozenset({"id", "db_model", "blocked", "access_groups", "team_id", "project_id", "organization_id"}) | {
    *("created_at", "updated_at", "created_by", "updated_by", "team_public_model_name"),
}


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
