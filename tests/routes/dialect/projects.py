"""Rows of /project/*."""

from tests.routes.rule import DELETES, READS, UPDATES, Rule, dialect

ROWS: dict[str, Rule] = {
    "project/new": dialect(422, "POST"),
    "project/update": dialect(422, *UPDATES),
    "project/info": dialect(422, "GET"),
    "project/list": dialect(200, *READS),
    "project/delete": dialect(422, *DELETES),
    "project/members": dialect(422, "GET"),
    "project/member_add": dialect(422, "POST"),
    "project/member_update": dialect(422, *UPDATES),
    "project/member_delete": dialect(422, *DELETES),
}
