"""Rows of /user/*."""

from tests.routes.rule import DELETES, READS, UPDATES, Rule, dialect

PLATFORM_ONLY = dict.fromkeys(("loner", "member", "org_admin", "auditor", "stranger", "there_member"), 403)
IN_CHARGE_OF_NOBODY = dict.fromkeys(("loner", "member", "there_member"), 403)

ROWS: dict[str, Rule] = {
    "user/new": dialect(200, "POST", **PLATFORM_ONLY),  # nameless people are the platform's business
    "user/info": dialect(200, "GET"),
    "user/list": dialect(200, *READS, **IN_CHARGE_OF_NOBODY),
    "v2/user/info": dialect(200, "GET"),
    "user/filter/ui": dialect(200, "GET", **IN_CHARGE_OF_NOBODY),
    "user/available_roles": dialect(200, "GET"),
    "user/update": dialect(400, *UPDATES),
    "user/bulk_update": dialect(400, *UPDATES),
    "user/block": dialect(422, "POST"),
    "user/unblock": dialect(422, "POST"),
    "user/delete": dialect(422, *DELETES),
    "user/sessions/revoke": dialect(422, "POST"),
    "user/password/change": dialect(422, "POST"),
    "user/password/reset": dialect(422, "POST"),
}
