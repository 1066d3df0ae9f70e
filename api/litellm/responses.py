"""What the routes answer. Used for OpenAPI, and by the tests to check every answer."""

from typing import Any

from pydantic import RootModel

from api.litellm.row_models import (
    KeyRow,
    OrganizationMembership,
    OrganizationRow,
    Person,
    TeamMembership,
    TeamRow,
    UserRow,
)
from api.litellm.types import Response


class OrganizationFull(OrganizationRow):
    members: list[OrganizationMembership]
    teams: list[TeamRow]


class OrganizationArray(RootModel[list[OrganizationFull]]):
    """All organizations that the caller may see."""


class Numbered(Response):
    total: int
    page: int
    page_size: int
    total_pages: int


class Organizations(Numbered):
    organizations: list[OrganizationFull]


class OrganizationMembersAdded(Response):
    organization_id: str
    updated_users: list[Person]
    updated_organization_memberships: list[OrganizationMembership]


class TeamInfo(Response):
    team_id: str
    team_info: TeamRow
    keys: list[KeyRow]
    team_memberships: list[TeamMembership]


class TeamUpdated(Response):
    team_id: str
    data: TeamRow


class TeamFull(TeamRow):
    keys: list[KeyRow]
    team_memberships: list[TeamMembership]


class TeamArray(RootModel[list[TeamFull]]):
    """All teams that the caller may see."""


class Teams(Numbered):
    teams: list[TeamFull]


class TeamMembersAdded(TeamRow):
    updated_users: list[Person]
    updated_team_memberships: list[TeamMembership]


class TeamPermissionsRow(Response):
    team_id: str
    team_member_permissions: list[str]
    all_available_permissions: list[str]


class KeyCreated(KeyRow):
    key: str


class UserCreated(KeyRow):
    key: str | None = None
    key_name: str | None = None  # type: ignore[assignment]
    user_alias: str | None = None
    user_role: str | None = None
    teams: list[str] | None = None
    organizations: list[str] | None = None


class UserInfo(Response):
    user_id: str
    user_info: UserRow
    keys: list[KeyRow]
    teams: list[TeamRow]


class Users(Numbered):
    users: list[UserRow]


class KeyInfo(Response):
    key: str
    info: KeyRow


class KeyUpdated(KeyRow):
    key: str


class KeysDeleted(Response):
    deleted_keys: list[str]


class Keys(Response):
    keys: list[str | KeyRow]
    total_count: int
    current_page: int
    total_pages: int


class KeyHealth(Response):
    key: str
    logging_callbacks: dict[str, Any] | None = None
