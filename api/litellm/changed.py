"""What the changing and deleting routes answer."""

from pydantic import RootModel

from api.litellm.responses import Numbered
from api.litellm.row_models import OrganizationMembership, OrganizationRow
from api.litellm.types import Response


class OrganizationsDeleted(RootModel[list[OrganizationRow]]):
    """The organizations as they were."""


class OrganizationMembers(Numbered):
    members: list[OrganizationMembership]


class TeamsDeleted(Response):
    deleted_teams: list[str]


class TeamMemberUpdated(Response):
    team_id: str
    user_id: str
    user_email: str | None = None
    role: str
    max_budget_in_team: float | None = None
    budget_duration: str | None = None
    allowed_models: list[str] | None = None
    tpm_limit: int | None = None
    rpm_limit: int | None = None
