"""The one table of the dialect. A route that does not stand here does not exist."""

from typing import Any

from api import access, health
from api.litellm import changed as changes
from api.litellm import changing as change
from api.litellm import closing, keys, members, organizations, projects, rotation, teams, users
from api.litellm import project_models as project
from api.litellm import requests as ask
from api.litellm import responses as answer
from api.litellm import row_models as row
from api.litellm.route import DELETES, READS, UPDATES, Route
from rbacadmin.policy import Action as Do

A: Any = "error"  # the two envelopes of litellm.md 1.2
B: Any = "detail"
GET, POST = ("GET",), ("POST",)
IN_ORGANIZATION = {"max_budget": "max_budget_in_organization"}
IN_TEAM = {"max_budget": "max_budget_in_team", "models": "allowed_models"}

# fmt: off
ORGANIZATIONS: tuple[Route, ...] = (
    Route("/organization/new", POST, Do.CREATE_ORGANIZATIONS, ask.OrganizationNew, answer.OrganizationRow,
          organizations.new, B, "Create an organization"),
    Route("/organization/info", GET, Do.SEE_ORGANIZATIONS, ask.OrganizationNamed, answer.OrganizationFull,
          organizations.info, B, "An organization with its people and teams"),
    Route("/organization/list", READS, Do.SEE_ORGANIZATIONS, ask.OrganizationFilter, answer.OrganizationArray,
          organizations.list_all, B, "All organizations that you may see", "array"),
    Route("/v2/organization/list", READS, Do.SEE_ORGANIZATIONS, ask.OrganizationPage, answer.Organizations,
          organizations.list_page, B, "Organizations, page by page", "page_size"),
    Route("/organization/member_add", POST, Do.MANAGE_MEMBERS, ask.OrganizationMembers, answer.OrganizationMembersAdded,
          organizations.member_add, A, "Add people to an organization",
          wire=IN_ORGANIZATION),
    Route("/organization/update", UPDATES, Do.CHANGE_ORGANIZATIONS, change.OrganizationUpdate, answer.OrganizationRow,
          closing.update_organization, B, "Change an organization: what is left out is kept, null clears"),
    Route("/organization/delete", DELETES, Do.DELETE_ORGANIZATIONS, change.OrganizationsNamed,
          changes.OrganizationsDeleted, closing.delete_organizations, B,
          "Delete organizations with everything in them: all or none"),
    Route("/organization/members", GET, Do.VIEW_MEMBERS, change.OrganizationMemberPage, changes.OrganizationMembers,
          members.organization_list, B, "The members that you may see", "page_size"),
    Route("/organization/member_update", UPDATES, Do.MANAGE_MEMBERS, change.OrganizationMemberUpdate,
          row.OrganizationMembership, members.organization_update, B, "Change a member's role or budget",
          wire=IN_ORGANIZATION),
    Route("/organization/member_delete", DELETES, Do.MANAGE_MEMBERS, change.OrganizationMember,
          row.OrganizationMembership, members.organization_delete, B,
          "Take a person out of an organization and of everything in it"),
)

TEAMS: tuple[Route, ...] = (
    Route("/team/new", POST, Do.CREATE_TEAMS, ask.TeamNew, answer.TeamRow, teams.new, A, "Create a team"),
    Route("/team/update", UPDATES, Do.CHANGE_TEAMS, ask.TeamUpdate, answer.TeamUpdated, teams.update, A,
          "Change a team: what is left out is kept, null clears"),
    Route("/team/info", GET, Do.SEE_TEAMS, ask.TeamNamed, answer.TeamInfo, teams.info, A,
          "A team with its members and keys"),
    Route("/team/list", READS, Do.SEE_TEAMS, ask.TeamFilter, answer.TeamArray, teams.list_all, B,
          "All teams that you may see", "array"),
    Route("/v2/team/list", READS, Do.SEE_TEAMS, ask.TeamPage, answer.Teams, teams.list_page, B,
          "Teams, page by page", "page_size"),
    Route("/team/member_add", POST, Do.MANAGE_MEMBERS, ask.TeamMembers, answer.TeamMembersAdded, teams.member_add, B,
          "Add people to a team", wire=IN_TEAM),
    Route("/team/member_update", UPDATES, Do.MANAGE_MEMBERS, change.TeamMemberUpdate, changes.TeamMemberUpdated,
          members.team_update, B, "Change a member's role or limits", wire=IN_TEAM),
    Route("/team/member_delete", DELETES, Do.MANAGE_MEMBERS, change.TeamMemberNamed, answer.TeamRow,
          members.team_delete, B, "Take a person out of a team; their keys in it are archived"),
    Route("/team/delete", DELETES, Do.DELETE_TEAMS, change.TeamsNamed, changes.TeamsDeleted, closing.delete_teams, B,
          "Delete teams with their keys: all or none"),
    Route("/team/block", POST, Do.BLOCK_TEAMS, ask.TeamNamed, answer.TeamRow, closing.block_team, B, "Block a team"),
    Route("/team/unblock", POST, Do.BLOCK_TEAMS, ask.TeamNamed, answer.TeamRow, closing.unblock_team, B,
          "Lift the block of a team"),
    Route("/team/permissions_list", GET, Do.VIEW_TEAM_PERMISSIONS, ask.TeamNamed, answer.TeamPermissionsRow,
          teams.permissions_list, B, "What a team's members may do with its keys"),
    Route("/team/permissions_update", UPDATES, Do.CHANGE_TEAM_PERMISSIONS, ask.TeamPermissions, answer.TeamRow,
          teams.permissions_update, B, "Say what a team's members may do with its keys; null restores the default"),
)

PROJECTS: tuple[Route, ...] = (
    Route("/project/new", POST, Do.CREATE_PROJECTS, project.ProjectNew, row.ProjectRow, projects.new, B,
          "Create a project"),
    Route("/project/update", UPDATES, Do.CHANGE_PROJECTS, project.ProjectUpdate, row.ProjectRow, projects.update, B,
          "Change a project: what is left out is kept, null clears"),
    Route("/project/info", GET, Do.VIEW_PROJECTS, project.ProjectNamed, project.ProjectFull, projects.info, B,
          "A project with its members"),
    Route("/project/list", READS, Do.VIEW_PROJECTS, project.ProjectFilter, project.ProjectArray, projects.list_all, B,
          "All projects that you may see", "array"),
    Route("/project/delete", DELETES, Do.DELETE_PROJECTS, project.ProjectsNamed, project.ProjectArray,
          projects.delete, B, "Delete projects with their keys: all or none"),
    Route("/project/members", GET, Do.VIEW_MEMBERS, project.ProjectMemberPage, project.ProjectMembers,
          projects.members, B, "The members that you may see", "page_size"),
    Route("/project/member_add", POST, Do.MANAGE_MEMBERS, project.ProjectMembersNew, project.ProjectMembersAdded,
          projects.member_add, B, "Add people to a project"),
    Route("/project/member_update", UPDATES, Do.MANAGE_MEMBERS, project.ProjectMemberUpdate, row.ProjectMembership,
          projects.member_update, B, "Change a member's role"),
    Route("/project/member_delete", DELETES, Do.MANAGE_MEMBERS, project.ProjectMemberNamed, row.ProjectMembership,
          projects.member_delete, B, "Take a person out of a project; their keys in it are archived"),
)

USERS: tuple[Route, ...] = (
    Route("/user/new", POST, Do.CREATE_PEOPLE, ask.UserNew, answer.UserCreated, users.new, A,
          "Create a person, with a first key unless auto_create_key is false", duplicate_status=409),
    Route("/user/info", GET, Do.VIEW_PEOPLE, ask.UserNamed, answer.UserInfo, users.info, A,
          "A person, or yourself"),
    Route("/user/list", READS, Do.VIEW_PEOPLE, ask.UserPage, answer.Users, users.list_page, B,
          "The people that you may see", "page_size"),
)

KEYS: tuple[Route, ...] = (
    Route("/key/generate", POST, Do.CREATE_KEYS, ask.KeyNew, answer.KeyCreated, keys.generate, A,
          "Make a key; its secret is shown here and never again"),
    Route("/key/service-account/generate", POST, Do.CREATE_SERVICE_KEYS, ask.KeyNew, answer.KeyCreated,
          keys.generate_service, B, "Make a service account's key in a team or project"),
    Route("/key/info", GET, Do.VIEW_KEYS, ask.KeyOrOwn, answer.KeyInfo, keys.info, A,
          "A key by its secret, hash or id; or your own"),
    Route("/key/health", READS, Do.CHECK_KEYS, ask.KeyOrOwn, answer.KeyHealth, keys.health, B,
          "Whether a key opens anything now"),
    Route("/key/list", READS, Do.LIST_KEYS, ask.KeyPage, answer.Keys, keys.list_page, A,
          "The keys that you may list", "size"),
    Route("/key/update", UPDATES, Do.UPDATE_KEYS, ask.KeyUpdate, answer.KeyUpdated, keys.update, A,
          "Change a key: what is left out is kept, null clears"),
    Route("/key/delete", DELETES, Do.DELETE_KEYS, ask.KeysNamed, answer.KeysDeleted, keys.delete, A,
          "Delete keys: all of them or none"),
    Route("/key/regenerate", POST, Do.REGENERATE_KEYS, change.KeyRegenerate, answer.KeyCreated, rotation.regenerate, A,
          "Give a key a new secret; it is shown here and never again"),
    Route("/key/{key}/regenerate", POST, Do.REGENERATE_KEYS, change.KeyRegenerateInPath, answer.KeyCreated,
          rotation.regenerate, A, "The same, with the key in the path"),
    Route("/key/block", POST, Do.BLOCK_KEYS, ask.KeyNamed, answer.KeyRow, keys.block, B, "Block a key"),
    Route("/key/unblock", POST, Do.UNBLOCK_KEYS, ask.KeyNamed, answer.KeyRow, keys.unblock, B, "Lift a block"),
)

ACCESS: tuple[Route, ...] = (
    Route("/access/explain", POST, Do.EXPLAIN_ACCESS, access.PersonQuestion, access.DecisionShown, access.explain, A,
          "Why you, or somebody else, may or may not do something"),
    Route("/access/who-can", GET, Do.EXPLAIN_ACCESS, access.Question, access.People, access.who_can, A,
          "Who can do something"),
)

HEALTH: tuple[Route, ...] = (
    Route("/health/liveliness", GET, None, ask.Nothing, health.Alive, health.live, B,
          "The process answers", public=True),
    Route("/health/liveness", GET, None, ask.Nothing, health.Alive, health.live, B,
          "The process answers", public=True),
    Route("/health/readiness", GET, None, ask.Nothing, health.Readiness, health.ready, B,
          "200 when the database answers, else 503", public=True),
    Route("/health", GET, Do.VIEW_MODELS, ask.Nothing, health.Health, health.models, A,
          "The models that you may use"),
)
# fmt: on

ROUTES: tuple[Route, ...] = (*ORGANIZATIONS, *PROJECTS, *TEAMS, *USERS, *KEYS, *ACCESS, *HEALTH)
