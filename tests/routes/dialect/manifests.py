"""Rows of /manifests/*."""

from tests.routes.rule import Rule, dialect

ROWS: dict[str, Rule] = {
    "manifests": dialect(422, "GET"),
    "manifests/plan": dialect(422, "POST"),
    "manifests/apply": dialect(422, "POST"),
    "manifests/templates": dialect(200, "GET"),
}
