"""What the audit routes answer."""

from typing import Any

from api.litellm.lists import Numbered
from api.types import Response


class AuditRow(Response):
    """An event in LiteLLM's shape, with what we know beyond it: refusals too, through which door, and where."""

    id: str
    updated_at: str
    changed_by: str | None = None
    changed_by_api_key: str | None = None
    action: str
    table_name: str
    object_id: str
    before_value: dict[str, Any] | None = None
    updated_values: dict[str, Any] | None = None
    event: str
    outcome: str
    status: int
    object_name: str
    organization_id: str | None = None
    team_id: str | None = None
    project_id: str | None = None
    door: str
    ip: str | None = None
    details: dict[str, Any]


class AuditLogs(Numbered):
    audit_logs: list[AuditRow]
