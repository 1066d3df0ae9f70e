"""Examples for /user/*."""

from typing import Any

READS: dict[str, str] = {}

WRITES: dict[str, dict[str, Any]] = {
    "/user/new": {
        "user_email": "new@example.com",
        "organizations": ["{organization}"],
        "teams": ["{team}"],
        "user_alias": "N",
    },
    "/user/update": {
        "user_id": "{person}",
        "user_alias": "M",
        "max_budget": 5,
        "temp_budget_increase": 1,
        "temp_budget_expiry": "2030-01-01T00:00:00Z",
    },
    "/user/bulk_update": {
        "users": [{"user_id": "{person}", "user_alias": "M"}, {"user_id": "nobody"}, {"user_email": "{colleague}"}]
    },
    "/user/block": {"user_ids": ["{person}"]},
    "/user/unblock": {"user_ids": ["{person}"]},
    "/user/delete": {"user_ids": ["{person}"]},
    "/user/sessions/revoke": {"user_id": "{person}"},
    "/user/password/reset": {"user_id": "{person}"},
}
