"""Examples for /organization/*."""

from typing import Any

READS: dict[str, str] = {
    "/organization/info": "?organization_id={organization}",
    "/organization/members": "?organization_id={organization}",
}

WRITES: dict[str, dict[str, Any]] = {
    "/organization/new": {"organization_alias": "new one", "max_budget": 1.5, "metadata": {"a": [1]}},
    "/organization/member_add": {
        "organization_id": "{organization}",
        "member": [{"role": "org_admin", "user_id": "u-1"}, {"role": "reader", "user_email": "r@example.com"}],
    },
    "/organization/update": {"organization_id": "{organization}", "max_budget": 500},
    "/v2/organization/{organization_id}": {"organization_alias": "patched", "metadata": {"a": {"b": 1}}},
    "/organization/delete": {"organization_ids": ["{organization}"]},
    "/organization/member_update": {"organization_id": "{organization}", "user_id": "{person}", "role": "owner"},
    "/organization/member_delete": {"organization_id": "{organization}", "user_id": "{person}"},
}
