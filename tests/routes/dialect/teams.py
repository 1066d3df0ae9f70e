"""Rows of /team/*."""

from tests.routes.rule import DELETES, READS, UPDATES, Rule, dialect

ROWS: dict[str, Rule] = {
    "team/new": dialect(422, "POST"),
    "team/delete": dialect(422, *DELETES),
    "team/block": dialect(422, "POST"),
    "team/unblock": dialect(422, "POST"),
    "team/member_update": dialect(422, *UPDATES),
    "team/member_delete": dialect(422, *DELETES),
    "team/update": dialect(422, *UPDATES),
    "team/<str:team_id>": dialect(404, "PATCH"),
    "team/info": dialect(422, "GET"),
    "team/list": dialect(200, *READS),
    "v2/team/list": dialect(200, *READS),
    "team/bulk_member_add": dialect(422, "POST"),
    "team/available": dialect(200, "GET"),
    "team/<str:team_id>/members/me": dialect(404, "GET"),
    "team/model/add": dialect(422, "POST"),
    "team/model/delete": dialect(422, *DELETES),
    "team/permissions_bulk_update": dialect(422, "POST"),
    "team/key/bulk_update": dialect(422, "POST"),
    "team/member_add": dialect(422, "POST"),
    "team/permissions_list": dialect(422, "GET"),
    "team/permissions_update": dialect(422, *UPDATES),
}
