"""Examples for /settings."""

from typing import Any

READS: dict[str, str] = {}

WRITES: dict[str, dict[str, Any]] = {
    "/settings/update": {"add_creator_to_teams": True},
    "/settings/jwt": {
        "roles_jwt_field": "roles",
        "role_mappings": [{"role": "gateway-admins", "internal_role": "proxy_admin"}],
        "role_permissions": [{"role": "internal_user", "models": ["gpt-4o"], "routes": ["llm_api_routes"]}],
    },
    "/settings/jobs": {"jobs": ["sessions cleared"]},
}
