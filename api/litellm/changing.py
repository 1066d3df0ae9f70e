"""What the changing and deleting routes accept: LiteLLM's names, our bounds."""

from pydantic.json_schema import SkipJsonSchema

from api.litellm.requests import KeyFields
from api.litellm.types import (
    Amount,
    Count,
    Duration,
    Ident,
    Idents,
    Limits,
    Named,
    Names,
    PageNumber,
    PageSize,
    PersonNamed,
    Request,
    Text,
)


class Rotation(KeyFields):
    """A new secret, and changes along with it. For `grace_period` the old secret keeps working."""

    grace_period: Duration | None = None
    new_key: Text | None = None


class KeyRegenerate(Rotation):
    key: Ident


class KeyRegenerateInPath(Rotation):
    """The key stands in the path."""

    key: SkipJsonSchema[Ident]


class OrganizationUpdate(Limits):
    organization_id: Ident
    organization_alias: Named | None = None


class OrganizationsNamed(Request):
    organization_ids: Idents


class OrganizationMember(PersonNamed):
    organization_id: Ident


class OrganizationMemberUpdate(OrganizationMember):
    role: Text | None = None
    max_budget_in_organization: Amount | None = None


class OrganizationMemberPage(Request):
    organization_id: Ident
    page: PageNumber = 1
    page_size: PageSize = 50


class TeamsNamed(Request):
    team_ids: Idents


class TeamMemberNamed(PersonNamed):
    team_id: Ident


class TeamMemberUpdate(TeamMemberNamed):
    role: Text | None = None
    max_budget_in_team: Amount | None = None
    budget_duration: Duration | None = None
    allowed_models: Names | None = None
    tpm_limit: Count | None = None
    rpm_limit: Count | None = None
