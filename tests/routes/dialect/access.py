"""Rows of /access/*."""

from tests.routes.rule import Rule, dialect

ROWS: dict[str, Rule] = {
    "access/explain": dialect(422, "POST"),
    "access/who-can": dialect(422, "GET"),
}
