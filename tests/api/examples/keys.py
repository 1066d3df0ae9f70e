"""Examples for /key/*."""

from typing import Any

READS: dict[str, str] = {
    "/key/list": "?return_full_object=true&expand=user&sort_by=max_budget",
    "/key/aliases": "?search=team",
}

WRITES: dict[str, dict[str, Any]] = {
    "/key/generate": {
        "key_alias": "mine",
        "duration": "30d",
        "models": ["gpt-4"],
        "tags": ["t"],
        "aliases": {"a": "gpt-4"},
    },
    "/key/service-account/generate": {"team_id": "{team}", "key_alias": "robot"},
    "/key/update": {"key": "{key}", "key_alias": "other", "max_budget": 1},
    "/key/bulk_update": {"keys": [{"key": "{key}", "max_budget": 1}, {"key": "nothing"}]},
    "/v2/key/info": {"keys": ["{key}", "nothing"], "key_aliases": ["team-robot"]},
    "/key/block": {"key": "{key}"},
    "/key/unblock": {"key": "{key}"},
    "/key/delete": {"keys": ["{key}"]},
    "/key/regenerate": {"key": "{key}", "grace_period": "1h"},
    "/key/{key}/regenerate": {},
}
