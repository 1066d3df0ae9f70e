"""Rows of /user/*."""

from tests.routes.rule import READS, Rule, dialect

PLATFORM_ONLY = dict.fromkeys(("loner", "member", "org_admin", "auditor", "stranger", "there_member"), 403)
IN_CHARGE_OF_NOBODY = dict.fromkeys(("loner", "member", "there_member"), 403)

ROWS: dict[str, Rule] = {
    "user/new": dialect(200, "POST", **PLATFORM_ONLY),  # nameless people are the platform's business
    "user/info": dialect(200, "GET"),
    "user/list": dialect(200, *READS, **IN_CHARGE_OF_NOBODY),
}
