"""Examples for /project/*."""

from typing import Any

READS: dict[str, str] = {
    "/project/info": "?project_id={project}",
    "/project/members": "?project_id={project}",
}

WRITES: dict[str, dict[str, Any]] = {
    "/project/new": {
        "organization_id": "{organization}",
        "title": "planned",
        "assignments": ["gpu", {"namespace": "cpu", "cluster_id": "c"}],
    },
    "/project/update": {"project_id": "{project}", "rpm_limit": 5},
    "/project/delete": {"project_ids": ["{project}"]},
    "/project/member_add": {"project_id": "{project}", "member": {"role": "owner", "user_id": "x@example.com"}},
    "/project/member_update": {"project_id": "{project}", "user_id": "{colleague}", "role": "owner"},
    "/project/member_delete": {"project_id": "{project}", "user_id": "{colleague}"},
}
