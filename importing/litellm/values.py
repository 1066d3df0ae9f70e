"""LiteLLM's JSON as our columns. Any field may be null, missing or of another type: then it is not said."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime

from rbacadmin import money, shapes
from rbacadmin.limits import parse_duration

Say = Callable[[str], None]

MONEY = ("max_budget", "soft_budget")
COUNTS = ("tpm_limit", "rpm_limit", "max_parallel_requests")
PER_MODEL = ("model_rpm_limit", "model_tpm_limit")
EVERY_MODEL = frozenset({"all-proxy-models", "all-team-models"})
# Columns of ours, or credentials of logging services that nobody has asked to copy.
NOT_METADATA = {"tags", "model_rpm_limit", "model_tpm_limit", "logging", "callback_settings", "team_member_budget_id"}
# What LiteLLM's rows can hold and ours cannot. Said when there is something in it.
ELSEWHERE = (
    *("budget_limits", "object_permission", "guardrails", "policies", "prompts", "allowed_cache_controls", "config"),
    *("router_settings", "access_group_ids", "agent_id", "auto_rotate", "rotation_interval", "tpd_limit"),
    *("enforced_params", "allowed_passthrough_routes", "temp_budget_increase", "default_team_member_models"),
)


def text(value: Any) -> str:
    """A text, or nothing."""
    if not isinstance(value, str):
        return ""
    return value.replace("\0", "").encode("utf-8", "ignore").decode().strip()[:255]  # half a character is none


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> list[dict[str, Any]]:
    """The objects in a list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def moment(value: Any) -> datetime | None:
    """A time; one without a zone is UTC, as LiteLLM means it."""
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found


def limits_of(row: Mapping[str, Any], say: Say) -> dict[str, Any]:
    """The limits of a row, or of the budget that it refers to, with tags and metadata. Only what is said."""
    budget, metadata = mapping(row.get("litellm_budget_table")), mapping(row.get("metadata"))

    def said(name: str) -> Any:
        value = row.get(name)
        return budget.get(name) if value is None else value

    found: dict[str, Any] = {}
    for name in MONEY:
        put(found, name, said(name), nano, say)
    for name in COUNTS:
        put(found, name, said(name), count, say)
    put(found, "budget_duration", said("budget_duration"), period, say)
    put(found, "models", said("models"), models, say)
    put(found, "model_max_budget", said("model_max_budget"), model_budgets, say)
    for name in PER_MODEL:
        put(found, name, row.get(name) or metadata.get(name), counts, say)
    put(found, "tags", row.get("tags") or metadata.get("tags"), names, say)
    put(found, "metadata", {name: one for name, one in metadata.items() if name not in NOT_METADATA}, kept, say)
    if dropped := sorted({"logging", "callback_settings"} & metadata.keys()):
        say(f"metadata.{', metadata.'.join(dropped)}: may hold credentials; left out.")
    if other := [name for name in ELSEWHERE if something(row.get(name))]:
        say(f"{', '.join(other)}: there is nothing like it here; left out.")
    return found


def put(found: dict[str, Any], name: str, value: Any, read: Callable[[Any], Any], say: Say) -> None:
    """Read one field into a column, unless it says nothing; what cannot be read is said and left out."""
    if value is None or value in ("", [], {}):
        return
    try:
        read_as = storable(read(value))
    except (ValidationError, ValueError, TypeError) as error:
        problem = error.messages[0] if isinstance(error, ValidationError) else "not what it should be"
        say(f"{name}: {problem}; left out." if not problem.endswith(".") else f"{name}: {problem} Left out.")
        return
    if read_as not in (None, "", [], {}):
        found[name] = read_as


def storable(value: Any) -> Any:
    """The value, when a database and JSON can hold it. Raises ValueError."""
    told = json.dumps(value, ensure_ascii=False, allow_nan=False)
    told.encode()
    if "\\u0000" in told:
        raise ValueError
    return value


def something(value: Any) -> bool:
    """Whether there is anything in a value, however deep."""
    if isinstance(value, dict):
        return any(something(one) for name, one in value.items() if not name.endswith("_id"))
    if isinstance(value, list):
        return bool(value)
    return bool(value)


def nano(value: Any) -> int:
    if isinstance(value, bool):
        raise ValueError
    return money.to_nano(value)


def count(value: Any) -> int:
    if isinstance(value, bool) or int(value) != value or not 0 <= value <= shapes.BIGGEST:
        raise ValueError
    return int(value)


def period(value: Any) -> str:
    parse_duration(value)
    return str(value)


def names(value: Any) -> list[str]:
    shapes.names(value)
    return list(value)


def models(value: Any) -> list[str]:
    """The list of models; LiteLLM's words for "all" are no list."""
    return [] if EVERY_MODEL & set(names(value)) else list(value)


def counts(value: Any) -> dict[str, int]:
    found = {name: count(one) for name, one in mapping(value).items() if one is not None}
    shapes.counts(found)
    return found


def model_budgets(value: Any) -> dict[str, Any]:
    """Budgets of single models; older rows call them `budget_limit` and `time_period`."""
    found: dict[str, Any] = {}
    for name, entry in mapping(value).items():
        given = entry if isinstance(entry, dict) else {"max_budget": entry}
        amount = given.get("max_budget", given.get("budget_limit"))
        span = given.get("budget_duration", given.get("time_period"))
        one = {} if amount is None else {"max_budget": nano(amount)}
        if one:
            found[name] = {**one, "budget_duration": period(span)} if span else one
    shapes.budgets(found)
    return found


def kept(value: Any) -> dict[str, Any]:
    shapes.mapping(value)
    return dict(value)
