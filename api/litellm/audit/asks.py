"""What the audit routes accept: LiteLLM's filters, and a few more."""

from typing import Literal

from pydantic.json_schema import SkipJsonSchema

from api.types import Ident, PageNumber, PageSize, Request, Sort, Text

Did = Literal["created", "updated", "deleted", "blocked", "unblocked", "rotated", "kill_switch_fired"]


class AuditFilter(Request):
    """Events in your slice of the audit log. A scope, when one is named, must be one whose log you may see."""

    organization_id: Ident | None = None
    team_id: Ident | None = None
    project_id: Ident | None = None
    changed_by: Ident | None = None
    actor: Ident | None = None
    changed_by_api_key: Ident | None = None
    action: Did | None = None
    event: Text | None = None
    outcome: Literal["done", "refused"] | None = None
    table_name: Text | None = None
    object_id: Ident | None = None
    object_team_id: Ident | None = None
    object_key_hash: Ident | None = None
    search: Text | None = None
    start_date: Text | None = None
    end_date: Text | None = None


class AuditPage(AuditFilter):
    page: PageNumber = 1
    page_size: PageSize = 10
    sort_by: Literal["updated_at", "created_at"] = "updated_at"
    sort_order: Sort = "desc"


class AuditNamed(Request):
    """The event stands in the path."""

    id: SkipJsonSchema[Ident]


class AuditExport(AuditFilter):
    format: Literal["ndjson", "csv"] = "ndjson"
