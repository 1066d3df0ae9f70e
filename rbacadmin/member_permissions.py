"""The ten member permissions of seed 003: LiteLLM's route names and our actions. Mapped once, here."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError

from rbacadmin.policy import Action

MEMBER_PERMISSIONS: dict[str, Action] = {
    "/key/info": Action.VIEW_KEYS,
    "/key/health": Action.CHECK_KEYS,
    "/key/list": Action.LIST_KEYS,
    "/key/generate": Action.CREATE_KEYS,
    "/key/service-account/generate": Action.CREATE_SERVICE_KEYS,
    "/key/update": Action.UPDATE_KEYS,
    "/key/delete": Action.DELETE_KEYS,
    "/key/regenerate": Action.REGENERATE_KEYS,
    "/key/block": Action.BLOCK_KEYS,
    "/key/unblock": Action.UNBLOCK_KEYS,
}


def to_actions(routes: Iterable[str] | None) -> frozenset[Action] | None:
    """Route names to actions; None stays None. Raises ValidationError naming the unknown and the known."""
    if routes is None:
        return None
    wanted = list(routes)
    if unknown := [route for route in wanted if route not in MEMBER_PERMISSIONS]:
        known = ", ".join(MEMBER_PERMISSIONS)
        raise ValidationError({"team_member_permissions": f"Unknown: {', '.join(unknown)}. Known: {known}."})
    return frozenset(MEMBER_PERMISSIONS[route] for route in wanted)


def to_routes(actions: Iterable[Action]) -> list[str]:
    """Actions to route names, in the order of the seed."""
    held = set(actions)
    return [route for route, action in MEMBER_PERMISSIONS.items() if action in held]
