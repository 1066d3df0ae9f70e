"""What the team routes accept: LiteLLM's names, our bounds."""

from typing import Annotated, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api.litellm.memberships.asks import Member, Members, PersonNamed
from api.litellm.merging import LimitsPatch
from api.litellm.types import Amount, Duration, Limits, TemporaryBudget
from api.types import Count, Ident, Idents, Named, Names, PageNumber, PageSize, Request, Sort, Text


class MemberDefaults(Request):
    """The limits that a team's new members start with."""

    team_member_budget: Amount | None = None
    team_member_budget_duration: Duration | None = None
    team_member_rpm_limit: Count | None = None
    team_member_tpm_limit: Count | None = None


class TeamFields(Limits, MemberDefaults):
    organization_id: Ident | None = None
    model_aliases: dict[Named, Named] | None = None
    team_member_permissions: Names | None = None


class TeamPatch(LimitsPatch, TeamFields):
    """The team stands in the path."""

    team_id: SkipJsonSchema[Ident]
    team_alias: Named | None = None
    model_aliases: dict[Named, Named | None] | None = None  # type: ignore[assignment]


class TeamNew(TeamFields):
    team_alias: Named
    team_id: Ident | None = None
    members_with_roles: list[Member] = []
    admins: Idents = []
    members: Idents = []


class TeamUpdate(TeamFields):
    """A `spend` that is lower than what was spent in the running period sets it back; null leaves it."""

    team_id: Ident
    team_alias: Named | None = None
    spend: Amount | None = None


class TeamNamed(Request):
    team_id: Ident


class TeamsNamed(Request):
    team_ids: Idents


class TeamFilter(Request):
    user_id: Ident | None = None
    organization_id: Ident | None = None
    team_alias: Text | None = None


class TeamPage(TeamFilter):
    page: PageNumber = 1
    page_size: PageSize = 10
    sort_by: Literal["team_alias", "team_id", "created_at", "updated_at"] = "created_at"
    sort_order: Sort = "asc"


class TeamMemberLimits(Request):
    """The personal limits of a team's member, under LiteLLM's names."""

    max_budget_in_team: Amount | None = None
    budget_duration: Duration | None = None
    allowed_models: Names | None = None
    tpm_limit: Count | None = None
    rpm_limit: Count | None = None


class TeamMembersNew(TeamMemberLimits):
    team_id: Ident
    member: Members


class TeamMemberNamed(PersonNamed):
    team_id: Ident


class TeamMemberUpdate(TeamMemberNamed, TeamMemberLimits, TemporaryBudget):
    role: Text | None = None


class TeamPermissions(Request):
    team_id: Ident
    team_member_permissions: Names | None


class TeamInPath(Request):
    """The team stands in the path."""

    team_id: SkipJsonSchema[Ident]


class TeamMembersMany(Request):
    """People to add, each by themselves; or everybody of the team's organization."""

    team_id: Ident
    members: Annotated[list[Member], Field(min_length=1, max_length=500)] | None = None
    all_users: bool = False
    max_budget_in_team: Amount | None = None


class TeamsPermissions(Request):
    """What members of several teams may do besides what they may do already."""

    permissions: Annotated[Names, Field(min_length=1)]
    team_ids: Annotated[Idents, Field(min_length=1)] | None = None
    apply_to_all_teams: bool = False


class TeamModels(Request):
    team_id: Ident
    models: Annotated[Names, Field(min_length=1)]
