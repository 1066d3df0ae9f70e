"""Rows of the routes about spend."""

from tests.routes.rule import Rule, dialect

ROWS: dict[str, Rule] = {
    "key/<str:key>/reset_spend": dialect(404, "POST"),
    "team/<str:team_id>/reset_spend": dialect(404, "POST"),
    "project/<str:project_id>/reset_spend": dialect(404, "POST"),
    "team/<str:team_id>/member/<str:user_id>/reset_spend": dialect(404, "POST"),
    "team/<str:team_id>/member/<str:user_id>/reset_budget": dialect(404, "POST"),
}
