"""Examples for spend."""

from typing import Any

READS: dict[str, str] = {}

WRITES: dict[str, dict[str, Any]] = {
    "/key/{key}/reset_spend": {"reset_to": 0},
    "/team/{team_id}/reset_spend": {},
    "/project/{project_id}/reset_spend": {"reset_to": 0},
    "/team/{team_id}/member/{user_id}/reset_spend": {"reset_to": 0},
    "/team/{team_id}/member/{user_id}/reset_budget": {},
}
