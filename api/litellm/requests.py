"""What the routes accept: LiteLLM's names, our bounds."""

from typing import Literal

from api.litellm.types import (
    Amount,
    Count,
    Duration,
    Ident,
    Idents,
    Limits,
    Member,
    MemberDefaults,
    Members,
    Metadata,
    Named,
    Names,
    PageNumber,
    PageSize,
    Request,
    Text,
)

Sort = Literal["asc", "desc"]


class Nothing(Request):
    """A route without parameters."""


class OrganizationNew(Limits):
    organization_alias: Named
    organization_id: Ident | None = None


class OrganizationNamed(Request):
    organization_id: Ident


class OrganizationFilter(Request):
    org_id: Ident | None = None
    org_alias: Text | None = None


class OrganizationPage(OrganizationFilter):
    page: PageNumber = 1
    page_size: PageSize = 50


class OrganizationMembers(Request):
    organization_id: Ident
    member: Members
    max_budget_in_organization: Amount | None = None


class TeamFields(Limits, MemberDefaults):
    organization_id: Ident | None = None
    model_aliases: dict[Named, Named] | None = None
    team_member_permissions: Names | None = None


class TeamNew(TeamFields):
    team_alias: Named
    team_id: Ident | None = None
    members_with_roles: list[Member] = []
    admins: Idents = []
    members: Idents = []


class TeamUpdate(TeamFields):
    team_id: Ident
    team_alias: Named | None = None


class TeamNamed(Request):
    team_id: Ident


class TeamFilter(Request):
    user_id: Ident | None = None
    organization_id: Ident | None = None
    team_alias: Text | None = None


class TeamPage(TeamFilter):
    page: PageNumber = 1
    page_size: PageSize = 10
    sort_by: Literal["team_alias", "team_id", "created_at", "updated_at"] = "created_at"
    sort_order: Sort = "asc"


class TeamMembers(Request):
    team_id: Ident
    member: Members
    max_budget_in_team: Amount | None = None
    budget_duration: Duration | None = None
    allowed_models: Names | None = None
    tpm_limit: Count | None = None
    rpm_limit: Count | None = None


class TeamPermissions(Request):
    team_id: Ident
    team_member_permissions: Names | None


class TeamOfUser(Request):
    """A team to join, with the role there."""

    team_id: Ident
    user_role: Text = "user"
    max_budget_in_team: Amount | None = None


class UserNew(Limits):
    user_id: Ident | None = None
    user_email: Ident | None = None
    user_alias: Text | None = None
    user_role: Text | None = None
    organization_id: Ident | None = None
    organizations: Idents | None = None
    teams: list[Ident | TeamOfUser] | None = None
    auto_create_key: bool = True
    key_alias: Text | None = None
    duration: Duration | None = None


class UserNamed(Request):
    user_id: Ident | None = None


class UserPage(Request):
    role: Text | None = None
    user_ids: Text | None = None
    user_email: Text | None = None
    search: Text | None = None
    team: Ident | None = None
    organization_ids: Text | None = None
    page: PageNumber = 1
    page_size: PageSize = 25
    sort_by: Literal["user_id", "user_alias", "user_role", "created_at", "updated_at"] = "created_at"
    sort_order: Sort = "desc"


class KeyFields(Limits):
    key_alias: Text | None = None
    duration: Duration | None = None
    user_id: Ident | None = None
    team_id: Ident | None = None
    project_id: Ident | None = None
    organization_id: Ident | None = None
    aliases: dict[Named, Named] | None = None
    permissions: Metadata | None = None
    allowed_routes: Names | None = None
    key_type: Literal["default", "llm_api", "management", "read_only"] | None = None
    blocked: bool | None = None


class KeyNew(KeyFields):
    key: Text | None = None


class KeyUpdate(KeyFields):
    key: Ident | None = None


class KeyNamed(Request):
    key: Ident


class KeyOrOwn(Request):
    key: Ident | None = None


class KeysNamed(Request):
    keys: Idents | None = None
    key_aliases: Idents | None = None


class KeyPage(Request):
    page: PageNumber = 1
    size: PageSize = 10
    user_id: Ident | None = None
    team_id: Ident | None = None
    organization_id: Ident | None = None
    project_id: Ident | None = None
    key_hash: Ident | None = None
    key_alias: Text | None = None
    search: Text | None = None
    substring_matching: bool = False
    status: Literal["active", "expired", "revoked", "blocked"] | None = None
    return_full_object: bool = False
    sort_by: Literal["created_at", "updated_at", "key_alias", "token"] = "created_at"
    sort_order: Sort = "desc"
