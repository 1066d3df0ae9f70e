"""Examples for /team/*."""

from typing import Any

READS: dict[str, str] = {
    "/team/info": "?team_id={team}",
    "/team/permissions_list": "?team_id={team}",
}

WRITES: dict[str, dict[str, Any]] = {
    "/team/new": {
        "team_alias": "new team",
        "organization_id": "{organization}",
        "max_budget": 10,
        "model_max_budget": {"gpt-4": 1, "claude": {"max_budget": 2, "budget_duration": "1d"}},
        "members_with_roles": [{"role": "admin", "user_id": "boss@example.com"}],
        "members": ["one@example.com"],
        "team_member_budget": 3,
    },
    "/team/update": {"team_id": "{team}", "team_alias": "renamed", "rpm_limit": 5, "budget_duration": "30d"},
    "/team/{team_id}": {"team_alias": "patched", "metadata": {"a": {"b": 1}}, "model_rpm_limit": {"gpt-4": 3}},
    "/team/member_add": {
        "team_id": "{team}",
        "member": {"role": "user", "user_id": "x@example.com"},
        "max_budget_in_team": 2,
    },
    "/team/bulk_member_add": {
        "team_id": "{team}",
        "members": [{"role": "user", "user_id": "y@example.com"}, {"role": "chief", "user_id": "z@example.com"}],
    },
    "/team/model/add": {"team_id": "{team}", "models": ["gpt-4"]},
    "/team/model/delete": {"team_id": "{team}", "models": ["gpt-4"]},
    "/team/permissions_bulk_update": {"permissions": ["/key/list"], "team_ids": ["{team}", "nothing"]},
    "/team/key/bulk_update": {"team_id": "{team}", "all_keys_in_team": True, "update_fields": {"tags": ["t"]}},
    "/team/permissions_update": {"team_id": "{team}", "team_member_permissions": ["/key/list"]},
    "/team/delete": {"team_ids": ["{team}"]},
    "/team/block": {"team_id": "{team}"},
    "/team/unblock": {"team_id": "{team}"},
    "/team/member_update": {"team_id": "{team}", "user_id": "{person}", "role": "admin", "rpm_limit": 5},
    "/team/member_delete": {"team_id": "{team}", "user_id": "{person}"},
}
