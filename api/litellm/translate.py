"""Between LiteLLM's words and our columns: money, time, limits and names, each in one place."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from pydantic import BaseModel

from gateway.spent import resets_at
from rbacadmin import money
from rbacadmin.limits import parse_duration

MONEY = ("max_budget", "soft_budget", "temp_budget_increase")
LIMITS = (
    *("models", *MONEY, "budget_duration", "tpm_limit", "rpm_limit", "max_parallel_requests"),
    *("model_max_budget", "model_rpm_limit", "model_tpm_limit", "tags", "metadata"),
)
# Columns that hold an empty value where the wire says null.
EMPTY: dict[str, Any] = {
    "budget_duration": "",
    "alias": "",
    "name": "",
    "public_id": "",
    "kubernetes_namespace": "",
    "model_max_budget": {},
    "model_rpm_limit": {},
    "model_tpm_limit": {},
    "metadata": {},
    "model_aliases": {},
    "aliases": {},
    "permissions": {},
    "tags": [],
    "assignments": [],
    "allowed_routes": [],
}
# LiteLLM's words for "all": what an empty list says too, for a list inherits and is never wider (rulebook 14). Its
# third word, `no-default-models`, is stored as it stands.
EVERY_MODEL = frozenset({"all-proxy-models", "all-team-models"})
SAME = {name: name for name in LIMITS}
TEMPORARY = {"temp_budget_increase": "temp_budget_increase", "temp_budget_expiry": "temp_budget_until"}

# Name in this dialect -> column, for each kind of row. What stands in no such table reaches no column.
ORGANIZATION = {**SAME, "organization_id": "public_id", "organization_alias": "alias"}
PROJECT = {
    **SAME,
    "project_id": "public_id",
    "title": "alias",
    "kubernetes_namespace": "kubernetes_namespace",
    "assignments": "assignments",
}
TEAM = {**SAME, "team_id": "public_id", "team_alias": "alias", "model_aliases": "model_aliases"}
USER = {
    **SAME,
    **TEMPORARY,
    "user_id": "public_id",
    "user_email": "email",
    "user_alias": "name",
    "user_role": "platform_role",
}
KEY = {
    **SAME,
    **TEMPORARY,
    "key_alias": "alias",
    "aliases": "aliases",
    "permissions": "permissions",
    "allowed_routes": "allowed_routes",
}
MEMBER = {
    **SAME,
    **TEMPORARY,
    "max_budget_in_team": "max_budget",
    "max_budget_in_organization": "max_budget",
    "allowed_models": "models",
}
MEMBER_DEFAULTS = {
    "team_member_budget": "max_budget",
    "team_member_budget_duration": "budget_duration",
    "team_member_rpm_limit": "rpm_limit",
    "team_member_tpm_limit": "tpm_limit",
}


def wire_names(names: Mapping[str, str]) -> dict[str, str]:
    """Column -> name in this dialect; the shorter way round for messages."""
    return {column: name for name, column in names.items() if name != column}


def columns(body: BaseModel, names: Mapping[str, str], *, leave: Iterable[str] = ()) -> dict[str, Any]:
    """The columns that a request sets: what it left out is kept, an explicit null clears."""
    given = [name for name in names if name in body.model_fields_set and name not in set(leave)]
    return {names[name]: stored(name, names[name], getattr(body, name)) for name in given}


def stored(name: str, column: str, value: Any) -> Any:
    """A value of the wire as the column holds it. Raises ValidationError that names the field."""
    if value is None:
        empty = EMPTY.get(column)
        return type(empty)() if empty is not None else None
    if column in MONEY:
        return nano(name, value)
    if column == "models":
        return [] if EVERY_MODEL & set(value) else value
    if column == "model_max_budget":
        return {model: None if entry is None else model_budget(name, entry) for model, entry in value.items()}
    if column == "assignments":
        return [entry.model_dump(exclude_none=True) for entry in value]
    return value


def model_budget(name: str, entry: Any) -> dict[str, Any]:
    given = entry.model_dump(exclude_none=True) if isinstance(entry, BaseModel) else {"max_budget": entry}
    if "max_budget" in given:
        given["max_budget"] = nano(name, given["max_budget"])
    if "budget_duration" in given:
        span(name, given["budget_duration"])
    return dict(given)


def nano(name: str, value: float) -> int:
    try:
        return money.to_nano(value)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from error


def span(name: str, text: str) -> Any:
    try:
        return parse_duration(text)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from error


def ends(text: str | None) -> datetime | None:
    """When a key with this `duration` ends; null and "-1" mean never."""
    return None if text is None or text == "-1" else timezone.now() + span("duration", text)


def stamp(moment: datetime | None) -> str | None:
    """A time as LiteLLM writes it: UTC with microseconds and Z."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def per_model(value: Mapping[str, Any]) -> dict[str, Any]:
    """Stored model budgets with their amounts in dollars."""
    return {
        model: {**entry, **({"max_budget": money.to_number(entry["max_budget"])} if "max_budget" in entry else {})}
        for model, entry in value.items()
    }


def limits_of(row: Any) -> dict[str, Any]:
    """The limit columns of a row, as the wire has them."""
    return {
        "models": row.models or [],
        "max_budget": money.to_number(row.max_budget),
        "soft_budget": money.to_number(row.soft_budget),
        "budget_duration": row.budget_duration or None,
        "budget_reset_at": stamp(resets_at(row)),
        "max_parallel_requests": row.max_parallel_requests,
        "tpm_limit": row.tpm_limit,
        "rpm_limit": row.rpm_limit,
        "model_max_budget": per_model(row.model_max_budget),
        "model_rpm_limit": row.model_rpm_limit,
        "model_tpm_limit": row.model_tpm_limit,
        "tags": row.tags,
        "metadata": row.metadata,
    }


def temporary_of(row: Any) -> dict[str, Any]:
    """The temporary budget of a row, as the wire has it."""
    return {
        "temp_budget_increase": money.to_number(row.temp_budget_increase),
        "temp_budget_expiry": stamp(row.temp_budget_until),
    }


def record_of(row: Any) -> dict[str, Any]:
    """Who made a row and when."""
    return {
        "created_at": stamp(row.created_at),
        "updated_at": stamp(row.updated_at),
        "created_by": row.created_by or None,
        "updated_by": row.updated_by or None,
    }
