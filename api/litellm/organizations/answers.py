"""What the organization routes answer."""

from pydantic import RootModel

from api.litellm.limited import Budget, Limited
from api.litellm.lists import Numbered
from api.litellm.memberships.answers import MembershipRow, Person
from api.litellm.teams.answers import TeamRow
from api.types import Response


class OrganizationMembership(MembershipRow):
    organization_id: str | None = None
    user_role: str


class OrganizationRow(Limited):
    organization_id: str
    organization_alias: str
    budget_id: str | None = None
    model_spend: dict[str, float] | None = None
    litellm_budget_table: Budget | None = None


class OrganizationFull(OrganizationRow):
    members: list[OrganizationMembership]
    teams: list[TeamRow]


class OrganizationArray(RootModel[list[OrganizationFull]]):
    """All organizations that the caller may see."""


class Organizations(Numbered):
    organizations: list[OrganizationFull]


class OrganizationsDeleted(RootModel[list[OrganizationRow]]):
    """The organizations as they were."""


class OrganizationMembers(Numbered):
    members: list[OrganizationMembership]


class OrganizationMembersAdded(Response):
    organization_id: str
    updated_users: list[Person]
    updated_organization_memberships: list[OrganizationMembership]
