"""Rows of /audit."""

from tests.routes.rule import READS, Rule, dialect

EXPORTS = dict.fromkeys(("loner", "member", "there_member"), 403)

ROWS: dict[str, Rule] = {
    "audit": dialect(200, *READS),
    "audit/export": dialect(200, "GET", **EXPORTS),
    "audit/<str:id>": dialect(404, "GET"),
}
