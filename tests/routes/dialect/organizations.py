"""Rows of /organization/*."""

from tests.routes.rule import DELETES, READS, UPDATES, Rule, dialect

ROWS: dict[str, Rule] = {
    "organization/new": dialect(422, "POST"),
    "organization/info": dialect(422, "GET"),
    "organization/list": dialect(200, *READS),
    "v2/organization/list": dialect(200, *READS),
    "organization/member_add": dialect(422, "POST"),
    "organization/update": dialect(422, *UPDATES),
    "v2/organization/<str:organization_id>": dialect(404, "PATCH"),
    "organization/delete": dialect(422, *DELETES),
    "organization/members": dialect(422, "GET"),
    "organization/member_update": dialect(422, *UPDATES),
    "organization/member_delete": dialect(422, *DELETES),
}
