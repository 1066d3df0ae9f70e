"""What the organization routes accept: LiteLLM's names, our bounds."""

from pydantic.json_schema import SkipJsonSchema

from api.litellm.memberships.asks import Members, PersonNamed
from api.litellm.merging import LimitsPatch
from api.litellm.types import Amount, Limits
from api.types import Ident, Idents, Named, PageNumber, PageSize, Request, Text


class OrganizationNew(Limits):
    organization_alias: Named
    organization_id: Ident | None = None
    budget_id: Ident | None = None


class OrganizationUpdate(Limits):
    organization_id: Ident
    organization_alias: Named | None = None
    budget_id: Ident | None = None


class OrganizationPatch(LimitsPatch):
    """The organization stands in the path."""

    organization_id: SkipJsonSchema[Ident]
    organization_alias: Named | None = None


class OrganizationNamed(Request):
    organization_id: Ident


class OrganizationsNamed(Request):
    organization_ids: Idents


class OrganizationFilter(Request):
    org_id: Ident | None = None
    org_alias: Text | None = None


class OrganizationPage(OrganizationFilter):
    page: PageNumber = 1
    page_size: PageSize = 50


class OrganizationMembersNew(Request):
    organization_id: Ident
    member: Members
    max_budget_in_organization: Amount | None = None


class OrganizationMemberNamed(PersonNamed):
    organization_id: Ident


class OrganizationMemberUpdate(OrganizationMemberNamed):
    role: Text | None = None
    max_budget_in_organization: Amount | None = None


class OrganizationMemberPage(Request):
    organization_id: Ident
    page: PageNumber = 1
    page_size: PageSize = 50
