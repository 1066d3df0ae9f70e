"""The rows that answers are made of."""

from typing import Any

from api.litellm.types import Response


class Budget(Response):
    """The limits of a row, as LiteLLM's separate budget row; its id is the row's own."""

    budget_id: str
    max_budget: float | None = None
    soft_budget: float | None = None
    budget_duration: str | None = None
    max_parallel_requests: int | None = None
    tpm_limit: int | None = None
    rpm_limit: int | None = None
    model_max_budget: dict[str, Any] = {}


class Record(Response):
    """Who made the row, when, and what was spent."""

    spend: float | None = None
    metadata: dict[str, Any] | None = None
    created_at: str | None = None
    updated_at: str | None = None
    created_by: str | None = None
    updated_by: str | None = None


class Limited(Record):
    """A row with limits."""

    models: list[str] | None = None
    max_budget: float | None = None
    soft_budget: float | None = None
    budget_duration: str | None = None
    max_parallel_requests: int | None = None
    tpm_limit: int | None = None
    rpm_limit: int | None = None
    model_max_budget: dict[str, Any] | None = None
    model_rpm_limit: dict[str, int] | None = None
    model_tpm_limit: dict[str, int] | None = None
    tags: list[str] | None = None
    blocked: bool | None = None


class OrganizationMembership(Limited):
    organization_id: str | None = None
    user_id: str
    user_email: str | None = None
    user_role: str
    expires_at: str | None = None


class TeamMembership(Limited):
    team_id: str | None = None
    user_id: str
    user_email: str | None = None
    role: str
    expires_at: str | None = None


class ProjectMembership(Limited):
    project_id: str | None = None
    user_id: str
    user_email: str | None = None
    role: str
    expires_at: str | None = None


class ProjectRow(Limited):
    project_id: str
    title: str
    organization_id: str | None = None


class TeamMember(Response):
    user_id: str
    user_email: str | None = None
    role: str


class Person(Response):
    """Somebody who was just added, as the caller named them."""

    user_id: str
    user_email: str | None = None


class TeamRow(Limited):
    team_id: str
    team_alias: str
    organization_id: str | None = None
    model_aliases: dict[str, str] | None = None
    members_with_roles: list[TeamMember] | None = None
    team_member_permissions: list[str] | None = None
    team_member_budget_table: Budget | None = None


class OrganizationRow(Limited):
    organization_id: str
    organization_alias: str
    budget_id: str | None = None
    model_spend: dict[str, float] | None = None
    litellm_budget_table: Budget | None = None


class KeyRow(Limited):
    token: str | None = None
    token_id: str | None = None
    key_name: str
    key_alias: str | None = None
    user_id: str | None = None
    user_email: str | None = None
    team_id: str | None = None
    team_alias: str | None = None
    project_id: str | None = None
    organization_id: str | None = None
    expires: str | None = None
    last_active: str | None = None
    aliases: dict[str, str] | None = None
    permissions: dict[str, Any] | None = None
    allowed_routes: list[str] | None = None
    key_type: str | None = None
    status: str | None = None
    litellm_budget_table: Budget | None = None


class UserRow(Limited):
    user_id: str
    user_email: str | None = None
    user_alias: str | None = None
    user_role: str | None = None
    key_count: int | None = None
