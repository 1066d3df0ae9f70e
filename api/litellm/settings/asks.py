"""What the settings routes accept."""

from typing import Annotated, Any, Literal

from pydantic import Field

from api.litellm.types import Idents, Named, Names, Request, Text


class SettingsUpdate(Request):
    """The settings to change; what is left out stays."""

    available_teams: Idents | None = None
    team_admin_editable_team_fields: Annotated[list[Literal["raise_max_budget"]], Field(max_length=10)] | None = None
    add_creator_to_teams: bool | None = None


class RoleMapping(Request):
    role: Named
    internal_role: Named


class RolePermissions(Request):
    role: Named
    models: Names | None = None
    routes: Names | None = None


class JwtSettings(Request):
    """Which roles in tokens stand for which of ours. To be a proxy_admin, a role is named in full."""

    roles_jwt_field: Text = ""
    role_mappings: Annotated[list[RoleMapping], Field(max_length=200)] = []
    role_permissions: Annotated[list[RolePermissions], Field(max_length=200)] = []

    def value(self) -> dict[str, Any]:
        return self.model_dump()


class Jobs(Request):
    """The jobs to run; all when none is named."""

    jobs: Annotated[list[Named], Field(max_length=20)] | None = None
