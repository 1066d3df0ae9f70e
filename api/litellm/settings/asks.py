"""What the settings routes accept."""

from typing import Annotated, Any, Literal

from pydantic import Field

from api.types import Idents, Named, Names, Request, Text


class SettingsUpdate(Request):
    """The settings to change; what is left out stays."""

    available_teams: Idents | None = None
    team_admin_editable_team_fields: Annotated[list[Literal["raise_max_budget"]], Field(max_length=10)] | None = None
    add_creator_to_teams: bool | None = None


Count = Annotated[int, Field(ge=0, le=10**15)]


class RoleMapping(Request):
    role: Named
    internal_role: Named


class RolePermissions(Request):
    """What a role may call, and the limits of its people who have none of their own. Money is dollars."""

    role: Named
    models: Names | None = None
    routes: Names | None = None
    max_budget: Annotated[float, Field(ge=0, le=9_000_000_000)] | None = None
    budget_duration: Named | None = None
    tpm_limit: Count | None = None
    rpm_limit: Count | None = None
    max_parallel_requests: Count | None = None


class JwtSettings(Request):
    """Which roles in tokens stand for which of ours. To be a proxy_admin, a role is named in full."""

    roles_jwt_field: Text = ""
    role_mappings: Annotated[list[RoleMapping], Field(max_length=200)] = []
    default_role: Literal["", "internal_user", "internal_user_viewer"] = ""
    role_permissions: Annotated[list[RolePermissions], Field(max_length=200)] = []

    def value(self) -> dict[str, Any]:
        return self.model_dump(exclude_none=True)


class Jobs(Request):
    """The jobs to run; all when none is named."""

    jobs: Annotated[list[Named], Field(max_length=20)] | None = None
