"""Rows of /key/*."""

from tests.routes.rule import DELETES, READS, UPDATES, Rule, dialect

ROWS: dict[str, Rule] = {
    "key/generate": dialect(200, "POST", auditor=403),
    "key/service-account/generate": dialect(400, "POST"),
    "key/limits": dialect(200, "GET"),
    "key/info": dialect(200, "GET"),
    "key/health": dialect(200, *READS),
    "key/list": dialect(200, *READS),
    "key/aliases": dialect(200, *READS),
    "v2/key/info": dialect(200, "POST"),
    "key/bulk_update": dialect(422, "POST"),
    "key/update": dialect(400, *UPDATES),
    "key/delete": dialect(400, *DELETES),
    "key/regenerate": dialect(422, "POST"),
    "key/<str:key>/regenerate": dialect(404, "POST"),
    "key/block": dialect(422, "POST"),
    "key/unblock": dialect(422, "POST"),
}
