"""What a key's `allowed_routes` mean: paths, patterns and presets, which cap the key whatever its owner may do."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError

from api.litellm.route import Route
from rbacadmin.errors import PermissionDenied
from rbacadmin.policy import Action, Actor, Decision
from rbacadmin.policy.decision import Limit

LLM_ROUTES = (
    *("/chat/completions", "/completions", "/embeddings", "/responses", "/models", "/moderations", "/audio/speech"),
    *("/audio/transcriptions", "/images/generations", "/rerank", "/messages"),
)
PRESET_OF_TYPE = {"llm_api": "llm_api_routes", "management": "management_routes", "read_only": "info_routes"}


def table() -> tuple[Route, ...]:
    from api.litellm.routes import ROUTES

    return ROUTES


def preset(name: str) -> list[str] | None:
    """The routes of a preset, or None when there is none of that name."""
    if name == "llm_api_routes":
        return [*LLM_ROUTES, *(f"/v1{route}" for route in LLM_ROUTES)]
    if name == "management_routes":
        return [route.path for route in table() if not route.public]
    if name == "info_routes":
        return [route.path for route in table() if not route.public and not route.writes]
    return None


def covers(pattern: str, path: str) -> bool:
    """Whether one entry of `allowed_routes` covers the path."""
    if (routes := preset(pattern)) is not None:
        return path in routes
    return path.startswith(pattern[:-1]) if pattern.endswith("*") else path == pattern


def require_route(actor: Actor, path: str, action: Action | None) -> None:
    """Raise PermissionDenied when the key that calls is not allowed to call this path."""
    allowed = actor.key.allowed_routes if actor.key is not None else []
    if allowed and not any(covers(pattern, path) for pattern in allowed):
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
