"""The presets of `allowed_routes` that are made of this dialect's table, and what its requests say about routes."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError

from api.litellm.route import Route
from gateway.routes import PRESETS, allows, preset
from rbacadmin.errors import PermissionDenied
from rbacadmin.policy import Action, Actor, Decision
from rbacadmin.policy.decision import Limit

PRESET_OF_TYPE = {"llm_api": "llm_api_routes", "management": "management_routes", "read_only": "info_routes"}


def table() -> tuple[Route, ...]:
    from api.litellm.routes import ROUTES

    return ROUTES


def management_routes() -> list[str]:
    return [route.path for route in table() if not route.public]


def info_routes() -> list[str]:
    return [route.path for route in table() if not route.public and not route.writes]


def register() -> None:
    """Add the presets that are made of this dialect's table; called once, when the app is ready."""
    PRESETS.update(management_routes=management_routes, info_routes=info_routes)


def require_route(actor: Actor, path: str, action: Action | None) -> None:
    """Raise PermissionDenied when the key that calls is not allowed to call this path."""
    allowed = actor.key.allowed_routes if actor.key is not None else []
    if not allows(allowed, path):
        limit = Limit("key_cap", f"This key is not allowed to call this route: {path}.")
        raise PermissionDenied(Decision(False, action or Action.SEE_ORGANIZATIONS, actor.label, "", limits=(limit,)))


def check(patterns: Iterable[str]) -> list[str]:
    """The patterns, when each is a path or a preset. Raises ValidationError naming those that are neither."""
    found = list(patterns)
    if unknown := [pattern for pattern in found if not pattern.startswith("/") and preset(pattern) is None]:
        raise ValidationError({"allowed_routes": f"Neither a path nor a preset: {', '.join(unknown)}."})
    return found


def type_of(allowed_routes: list[str]) -> str:
    """The `key_type` that a list of allowed routes stands for."""
    return next((name for name, stands in PRESET_OF_TYPE.items() if allowed_routes == [stands]), "default")
