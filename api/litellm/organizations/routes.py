"""The routes of organizations."""

from api.litellm.organizations import answers, asks, calls, members
from api.litellm.route import DELETES, DETAIL, ERROR, GET, PATCH, POST, READS, UPDATES, Route
from rbacadmin.policy import Action as Do

IN_ORGANIZATION = {"max_budget": "max_budget_in_organization"}

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("/organization/new", POST, Do.CREATE_ORGANIZATIONS, asks.OrganizationNew, answers.OrganizationRow,
          calls.new, DETAIL, "Create an organization"),
    Route("/organization/info", GET, Do.SEE_ORGANIZATIONS, asks.OrganizationNamed, answers.OrganizationFull,
          calls.info, DETAIL, "An organization with its people and teams"),
    Route("/organization/list", READS, Do.SEE_ORGANIZATIONS, asks.OrganizationFilter, answers.OrganizationArray,
          calls.list_all, DETAIL, "All organizations that you may see", "array"),
    Route("/v2/organization/list", READS, Do.SEE_ORGANIZATIONS, asks.OrganizationPage, answers.Organizations,
          calls.list_page, DETAIL, "Organizations, page by page", "page_size"),
    Route("/organization/member_add", POST, Do.MANAGE_MEMBERS, asks.OrganizationMembersNew,
          answers.OrganizationMembersAdded, members.add, ERROR, "Add people to an organization", wire=IN_ORGANIZATION),
    Route("/organization/update", UPDATES, Do.CHANGE_ORGANIZATIONS, asks.OrganizationUpdate, answers.OrganizationRow,
          calls.update, DETAIL, "Change an organization: what is left out is kept, null clears"),
    Route("/v2/organization/{organization_id}", PATCH, Do.CHANGE_ORGANIZATIONS, asks.OrganizationPatch,
          answers.OrganizationRow, calls.patch, DETAIL, "Change an organization by merge-patch"),
    Route("/organization/delete", DELETES, Do.DELETE_ORGANIZATIONS, asks.OrganizationsNamed,
          answers.OrganizationsDeleted, calls.delete, DETAIL,
          "Delete organizations with everything in them: all or none"),
    Route("/organization/members", GET, Do.VIEW_MEMBERS, asks.OrganizationMemberPage, answers.OrganizationMembers,
          members.list_page, DETAIL, "The members that you may see", "page_size"),
    Route("/organization/member_update", UPDATES, Do.MANAGE_MEMBERS, asks.OrganizationMemberUpdate,
          answers.OrganizationMembership, members.update, DETAIL, "Change a member's role or budget",
          wire=IN_ORGANIZATION),
    Route("/organization/member_delete", DELETES, Do.MANAGE_MEMBERS, asks.OrganizationMemberNamed,
          answers.OrganizationMembership, members.delete, DETAIL,
          "Take a person out of an organization and of everything in it"),
)
# fmt: on
