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
}
