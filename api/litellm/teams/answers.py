"""What the team routes answer."""

from pydantic import RootModel

from api.litellm.keys.answers import KeyRow
from api.litellm.limited import Budget, Limited, Temporary
from api.litellm.lists import Numbered
from api.litellm.memberships.answers import MembershipRow, Person
from api.types import Response


class TeamMember(Response):
    user_id: str
    user_email: str | None = None
    role: str


class TeamMembership(MembershipRow):
    team_id: str | None = None
    role: str


class TeamRow(Limited):
    team_id: str
    team_alias: str
    organization_id: str | None = None
    model_aliases: dict[str, str] | None = None
    members_with_roles: list[TeamMember] | None = None
    team_member_permissions: list[str] | None = None
    team_member_budget_table: Budget | None = None


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


class TeamMemberUpdated(Temporary):
    team_id: str
    user_id: str
    user_email: str | None = None
    role: str
    max_budget_in_team: float | None = None
    budget_duration: str | None = None
    allowed_models: list[str] | None = None
    tpm_limit: int | None = None
    rpm_limit: int | None = None


class TeamsDeleted(Response):
    deleted_teams: list[str]


class TeamPermissionsRow(Response):
    team_id: str
    team_member_permissions: list[str]
    all_available_permissions: list[str]


class MyMembership(TeamMembership):
    team_alias: str


class TeamOpen(Response):
    team_id: str
    team_alias: str


class TeamsOpen(RootModel[list[TeamOpen]]):
    """The teams that the caller may join."""


class MemberOutcome(Response):
    """What became of one person of a list."""

    user_id: str | None = None
    user_email: str | None = None
    success: bool
    error: str | None = None
    updated_user: Person | None = None
    updated_team_membership: TeamMembership | None = None


class TeamMembersTried(Response):
    team_id: str
    results: list[MemberOutcome]
    total_requested: int
    successful_additions: int
    failed_additions: int
    updated_team: TeamRow | None = None


class TeamFailed(Response):
    team_id: str
    failed_reason: str


class TeamsPermitted(Response):
    message: str
    teams_updated: int
    permissions_appended: list[str]
    failed_updates: list[TeamFailed]
