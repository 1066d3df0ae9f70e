"""/settings/*: each function is one request, one call, one answer."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from api.litellm import presets
from api.litellm.settings import asks
from api.types import Nothing
from keys.maintenance import run_jobs
from rbacadmin import policy, runtime
from rbacadmin.in_force import in_force
from rbacadmin.policy import Action, Actor
from rbacadmin.runtime import Chosen


def info(actor: Actor, _body: Nothing) -> dict[str, Any]:
    """What may be changed here first, then what environment and files decide."""
    policy.require(actor, Action.VIEW_SETTINGS)
    fixed = [{**row, "value": plain(row["value"]), "editable": False} for row in in_force()]
    return {"settings": [*rows(runtime.chosen()), *fixed]}


def update(actor: Actor, body: asks.SettingsUpdate) -> dict[str, Any]:
    changes = body.model_dump(exclude_unset=True, exclude_none=True)
    return {"settings": rows(runtime.change_settings(actor, changes=changes))}


def jwt(actor: Actor, body: asks.JwtSettings) -> dict[str, Any]:
    for one in body.role_permissions:
        presets.check(one.routes or ())
    return {"settings": rows(runtime.change_settings(actor, changes={"jwt": body.value()}))}


def jobs(actor: Actor, body: asks.Jobs) -> dict[str, Any]:
    return {"jobs": run_jobs(actor, names=body.jobs)}


def rows(chosen: Sequence[Chosen]) -> list[dict[str, Any]]:
    return [asdict(one) for one in chosen]


def plain(value: Any) -> Any:
    """A value as JSON has it: paths are text."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    return value if isinstance(value, str | int | bool | None) else str(value)
