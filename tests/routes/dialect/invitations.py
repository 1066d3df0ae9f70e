"""Rows of /invitation/*. Those of /onboarding/* are public and stand in the table."""

from tests.routes.rule import DELETES, READS, UPDATES, Rule, dialect

IN_CHARGE_OF_NOBODY = dict.fromkeys(("loner", "member", "there_member"), 403)

ROWS: dict[str, Rule] = {
    "invitation/new": dialect(422, "POST"),
    "invitation/info": dialect(422, "GET"),
    "invitation/list": dialect(200, *READS, **IN_CHARGE_OF_NOBODY),
    "invitation/update": dialect(422, *UPDATES),
    "invitation/delete": dialect(422, *DELETES),
}
