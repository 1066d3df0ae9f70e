"""Rows of /health/*."""

from tests.routes.rule import Rule, dialect

ROWS: dict[str, Rule] = {
    "health": dialect(200, "GET"),
}
