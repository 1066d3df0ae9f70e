"""Examples for spend."""

from typing import Any

DAYS = "start_date=2026-01-01&end_date=2026-01-31"
READS: dict[str, str] = {
    "/spend/logs": f"?{DAYS}&user_id={{user_id}}&summarize=false",
    "/spend/logs/v2": "?page_size=5",
    "/global/spend/report": f"?{DAYS}&group_by=organization",
    "/user/daily/activity": f"?{DAYS}&page_size=10",
    "/team/daily/activity": "?team_ids={team}",
    "/organization/daily/activity": "?organization_ids={organization}",
    "/customer/daily/activity": f"?{DAYS}&end_user_ids=visitor",
    "/end_user/daily/activity": "?page_size=10",
    "/tag/daily/activity": f"?{DAYS}&tags=nightly,ci",
    "/key/spend/report": f"?{DAYS}",
    "/user/spend/report": f"?{DAYS}",
    "/team/spend/report": f"?{DAYS}&team_id={{team}}",
    "/organization/spend/report": f"?{DAYS}&organization_id={{organization}}",
}

WRITES: dict[str, dict[str, Any]] = {
    "/spend/calculate": {"model": "priced", "messages": [{"role": "user", "content": "How much?"}]},
    "/global/spend/end_users": {"startTime": "2026-01-01", "endTime": "2026-01-31"},
    "/key/{key}/reset_spend": {"reset_to": 0},
    "/team/{team_id}/reset_spend": {},
    "/project/{project_id}/reset_spend": {"reset_to": 0},
    "/team/{team_id}/member/{user_id}/reset_spend": {"reset_to": 0},
    "/team/{team_id}/member/{user_id}/reset_budget": {},
}
