"""Rows of the routes about spend."""

from tests.routes.rule import Rule, dialect

PLATFORM_ONLY = dict.fromkeys(("loner", "member", "org_admin", "stranger", "there_member"), 403)
GLOBAL = ("spend", "spend/logs", "spend/keys", "spend/teams", "spend/models", "spend/provider", "spend/report")
DAILY, REPORTED = (
    ("user", "team", "organization", "project", "customer", "end_user", "tag"),
    ("key", "user", "team", "organization"),
)

ROWS: dict[str, Rule] = {
    "spend/logs": dialect(200, "GET"),
    "spend/logs/v2": dialect(200, "GET"),
    "spend/keys": dialect(200, "GET"),
    "spend/users": dialect(200, "GET"),
    "spend/tags": dialect(200, "GET"),
    "spend/calculate": dialect(400, "POST"),
    **{f"global/{name}": dialect(200, "GET", **PLATFORM_ONLY) for name in (*GLOBAL, "activity", "activity/model")},
    "global/spend/end_users": dialect(200, "POST", **PLATFORM_ONLY),
    **{f"{name}/daily/activity": dialect(200, "GET") for name in DAILY},
    **{f"{name}/spend/report": dialect(422, "GET") for name in REPORTED},
    "key/<str:key>/reset_spend": dialect(404, "POST"),
    "team/<str:team_id>/reset_spend": dialect(404, "POST"),
    "project/<str:project_id>/reset_spend": dialect(404, "POST"),
    "team/<str:team_id>/member/<str:user_id>/reset_spend": dialect(404, "POST"),
    "team/<str:team_id>/member/<str:user_id>/reset_budget": dialect(404, "POST"),
}
