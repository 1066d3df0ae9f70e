"""What `manage.py check` says of routes that the configuration names: a pattern that covers none is a slip, perhaps."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from api.litellm.presets import table
from gateway.routes import PRESETS, covers
from rbacadmin.checks import CONFIGURATION
from rbacadmin.conf import file_place


@register(CONFIGURATION)
def routes_of_the_configuration(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    """Patterns that no route of ours fits. Only a warning: gateways in front may serve more than we know."""
    known = [*(route.path for route in table()), *PRESETS["llm_api_routes"]()]
    return [
        Warning(f"{place}: no known route is '{pattern}'.", id="rbacadmin.W002")
        for place, pattern in named()
        if not any(covers(pattern, path) for path in known)
    ]


def named() -> Iterator[tuple[str, str]]:
    """Every pattern with its place."""
    for number, permission in enumerate(settings.ROLE_PERMISSIONS):
        for at, pattern in enumerate(permission.routes or ()):
            yield file_place("role_permissions", number, "routes", at), pattern
    auth = settings.JWT_AUTH
    for name in ("team_allowed_routes", "admin_allowed_routes") if auth else ():
        for at, pattern in enumerate(getattr(auth, name)):
            yield file_place("litellm_jwtauth", name, at), pattern
    for number, mapping in enumerate(auth.scope_mappings if auth else ()):
        for at, pattern in enumerate(mapping.routes or ()):
            yield file_place("litellm_jwtauth", "scope_mappings", number, "routes", at), pattern
