"""The presets of `allowed_routes` that are made of this dialect's table, and what its requests say about routes."""

from collections.abc import Iterable
from typing import NoReturn

from django.core.exceptions import ValidationError

from api.route import Route
from gateway.routes import PRESETS, allows, covers, preset
from rbacadmin import role_permissions
from rbacadmin.errors import PermissionDenied
from rbacadmin.policy import Action, Actor, Decision
from rbacadmin.policy.decision import Limit

SPENDING = ("/spend", "/global", "/user/daily", "/team/daily", "/organization/daily")
PRESET_OF_TYPE = {"llm_api": "llm_api_routes", "management": "management_routes", "read_only": "info_routes"}


def table() -> tuple[Route, ...]:
    """The routes of the management dialects."""
    from api.litellm.routes import ROUTES
    from api.llmariner.routes import ROUTES as LLMARINER

    return (*ROUTES, *LLMARINER)


def management_routes() -> list[str]:
    return [route.path for route in table() if not route.public]


def info_routes() -> list[str]:
    """Paths where nothing is written by any method: a key that only reads is held to paths, not to methods."""
    writing = {route.path for route in table() if route.writes}
    return [route.path for route in table() if not route.public and route.path not in writing]


def register() -> None:
    """Add the presets that are made of this dialect's table; called once, when the app is ready."""
    PRESETS.update(
        management_routes=management_routes,
        info_routes=info_routes,
        spend_tracking_routes=spend_routes,
        global_spend_tracking_routes=spend_routes,
    )
    role_permissions.actions_of_routes.append(actions_of)


def spend_routes() -> list[str]:
    return [route.path for route in table() if route.path.startswith(SPENDING)]


def actions_of(patterns: Iterable[str]) -> set[Action]:
    """What the routes that these cover do; calling a model is what those of a gateway do."""
    wanted = list(patterns)
    found = {route.action for route in table() if route.action and any(covers(one, route.path) for one in wanted)}
    called = [path for path in PRESETS["llm_api_routes"]() if not path.endswith("/models")]
    if any(covers(one, path) for one in wanted for path in called):
        found.add(Action.CALL_MODELS)
    return found


def require_route(actor: Actor, path: str, action: Action | None) -> None:
    """Raise PermissionDenied when the key, the token or the role that calls is not allowed to call this path."""
    if not allows(actor.key.allowed_routes if actor.key is not None else [], path):
        refuse_route(actor, action, "key_cap", f"This key is not allowed to call this route: {path}.")
    if not all(allows(patterns, path) for patterns in actor.routes):
        refuse_route(actor, action, "key_cap", f"This token is not allowed to call this route: {path}.")
    if role := closed_to_role(actor, path, action):
        refuse_route(actor, action, "role_cap", f"The role {role} is not allowed to call this route: {path}.")


def closed_to_role(actor: Actor, path: str, action: Action | None) -> str:
    """The caller's role that `role_permissions` keep from a path, or nothing. Of the master key they keep nothing."""
    if (actor.user is None and actor.key is None and not actor.token_role) or action in role_permissions.ALWAYS:
        return ""
    for role in (actor.platform_role, actor.token_role):
        found = role_permissions.of(role)
        if found is not None and not allows(found.routes or (), path):
            return role
    return ""


def refuse_route(actor: Actor, action: Action | None, code: str, text: str) -> NoReturn:
    decision = Decision(False, action or Action.SEE_ORGANIZATIONS, actor.label, "", limits=(Limit(code, text),))
    raise PermissionDenied(decision)


def check(patterns: Iterable[str]) -> list[str]:
    """The patterns, when each is a path or a preset. Raises ValidationError naming those that are neither."""
    found = list(patterns)
    if unknown := [pattern for pattern in found if not pattern.startswith("/") and preset(pattern) is None]:
        raise ValidationError({"allowed_routes": f"Neither a path nor a preset: {', '.join(unknown)}."})
    return found


def type_of(allowed_routes: list[str]) -> str:
    """The `key_type` that a list of allowed routes stands for."""
    return next((name for name, stands in PRESET_OF_TYPE.items() if allowed_routes == [stands]), "default")
