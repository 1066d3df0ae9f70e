"""The one table of the dialect. A route that does not stand here does not exist."""

from typing import Any

from api import access, health
from api.litellm import keys, organizations, requests, responses, teams, translate, users
from api.litellm.route import DELETES, READS, UPDATES, Route
from rbacadmin.policy import Action

A: Any = "error"  # the two envelopes of litellm.md 1.2
B: Any = "detail"

ORGANIZATION = {"wire": {**translate.wire_names(translate.ORGANIZATION), "max_budget": "max_budget"}}
TEAM = {"wire": {**translate.wire_names(translate.TEAM)}}
USER = {"wire": {**translate.wire_names(translate.USER), "role": "user_role"}}
KEY = {"wire": {**translate.wire_names(translate.KEY), "expires_at": "duration"}}

ORGANIZATIONS: tuple[Route, ...] = (
    Route("/organization/new", ("POST",), Action.CREATE_ORGANIZATIONS, requests.OrganizationNew, responses.OrganizationRow,
          organizations.new, B, "Create an organization", **ORGANIZATION),
    Route("/organization/info", ("GET",), Action.SEE_ORGANIZATIONS, requests.OrganizationNamed, responses.OrganizationFull,
          organizations.info, B, "An organization with its people and teams", **ORGANIZATION),
    Route("/organization/list", READS, Action.SEE_ORGANIZATIONS, requests.OrganizationFilter, responses.OrganizationArray,
          organizations.list_all, B, "All organizations that you may see", "array", **ORGANIZATION),
    Route("/v2/organization/list", READS, Action.SEE_ORGANIZATIONS, requests.OrganizationPage, responses.Organizations,
          organizations.list_page, B, "Organizations, page by page", "page_size", **ORGANIZATION),
    Route("/organization/member_add", ("POST",), Action.MANAGE_MEMBERS, requests.OrganizationMembers, responses.OrganizationMembersAdded,
          organizations.member_add, A, "Add people to an organization"),
)  # fmt: skip

TEAMS: tuple[Route, ...] = (
    Route("/team/new", ("POST",), Action.CREATE_TEAMS, requests.TeamNew, responses.TeamRow, teams.new, A, "Create a team", **TEAM),
    Route("/team/update", UPDATES, Action.CHANGE_TEAMS, requests.TeamUpdate, responses.TeamUpdated, teams.update, A,
          "Change a team: what is left out is kept, null clears", **TEAM),
    Route("/team/info", ("GET",), Action.SEE_TEAMS, requests.TeamNamed, responses.TeamInfo, teams.info, A,
          "A team with its members and keys", **TEAM),
    Route("/team/list", READS, Action.SEE_TEAMS, requests.TeamFilter, responses.TeamArray, teams.list_all, B,
          "All teams that you may see", "array", **TEAM),
    Route("/v2/team/list", READS, Action.SEE_TEAMS, requests.TeamPage, responses.Teams, teams.list_page, B,
          "Teams, page by page", "page_size", **TEAM),
    Route("/team/member_add", ("POST",), Action.MANAGE_MEMBERS, requests.TeamMembers, responses.TeamMembersAdded, teams.member_add, B,
          "Add people to a team"),
    Route("/team/permissions_list", ("GET",), Action.VIEW_TEAM_PERMISSIONS, requests.TeamNamed, responses.TeamPermissionsRow,
          teams.permissions_list, B, "What a team's members may do with its keys", **TEAM),
    Route("/team/permissions_update", UPDATES, Action.CHANGE_TEAM_PERMISSIONS, requests.TeamPermissions, responses.TeamRow,
          teams.permissions_update, B, "Say what a team's members may do with its keys; null restores the default", **TEAM),
)  # fmt: skip

USERS: tuple[Route, ...] = (
    Route("/user/new", ("POST",), Action.CREATE_PEOPLE, requests.UserNew, responses.UserCreated, users.new, A,
          "Create a person, with a first key unless auto_create_key is false", duplicate_status=409, **USER),
    Route("/user/info", ("GET",), Action.VIEW_PEOPLE, requests.UserNamed, responses.UserInfo, users.info, A,
          "A person, or yourself", **USER),
    Route("/user/list", READS, Action.VIEW_PEOPLE, requests.UserPage, responses.Users, users.list_page, B,
          "The people that you may see", "page_size", **USER),
)  # fmt: skip

KEYS: tuple[Route, ...] = (
    Route("/key/generate", ("POST",), Action.CREATE_KEYS, requests.KeyNew, responses.KeyCreated, keys.generate, A,
          "Make a key; its secret is shown here and never again", **KEY),
    Route("/key/service-account/generate", ("POST",), Action.CREATE_SERVICE_KEYS, requests.KeyNew, responses.KeyCreated,
          keys.generate_service, B, "Make a service account's key in a team or project", **KEY),
    Route("/key/info", ("GET",), Action.VIEW_KEYS, requests.KeyOrOwn, responses.KeyInfo, keys.info, A,
          "A key by its secret, hash or id; or your own", **KEY),
    Route("/key/health", READS, Action.CHECK_KEYS, requests.KeyOrOwn, responses.KeyHealth, keys.health, B,
          "Whether a key opens anything now", **KEY),
    Route("/key/list", READS, Action.LIST_KEYS, requests.KeyPage, responses.Keys, keys.list_page, A,
          "The keys that you may list", "size", **KEY),
    Route("/key/update", UPDATES, Action.UPDATE_KEYS, requests.KeyUpdate, responses.KeyUpdated, keys.update, A,
          "Change a key: what is left out is kept, null clears", **KEY),
    Route("/key/delete", DELETES, Action.DELETE_KEYS, requests.KeysNamed, responses.KeysDeleted, keys.delete, A,
          "Delete keys: all of them or none", **KEY),
    Route("/key/block", ("POST",), Action.BLOCK_KEYS, requests.KeyNamed, responses.KeyRow, keys.block, B, "Block a key", **KEY),
    Route("/key/unblock", ("POST",), Action.UNBLOCK_KEYS, requests.KeyNamed, responses.KeyRow, keys.unblock, B, "Lift a block", **KEY),
)  # fmt: skip

ACCESS: tuple[Route, ...] = (
    Route("/access/explain", ("POST",), Action.EXPLAIN_ACCESS, access.PersonQuestion, access.DecisionShown, access.explain, A,
          "Why you, or somebody else, may or may not do something"),
    Route("/access/who-can", ("GET",), Action.EXPLAIN_ACCESS, access.Question, access.People, access.who_can, A,
          "Who can do something"),
)  # fmt: skip

HEALTH: tuple[Route, ...] = (
    Route("/health/liveliness", ("GET",), None, requests.Nothing, health.Alive, health.live, B, "The process answers", public=True),
    Route("/health/liveness", ("GET",), None, requests.Nothing, health.Alive, health.live, B, "The process answers", public=True),
    Route("/health/readiness", ("GET",), None, requests.Nothing, health.Readiness, health.ready, B,
          "200 when the database answers, else 503", public=True),
    Route("/health", ("GET",), Action.VIEW_MODELS, requests.Nothing, health.Health, health.models, A, "The models that you may use"),
)  # fmt: skip

ROUTES: tuple[Route, ...] = (*ORGANIZATIONS, *TEAMS, *USERS, *KEYS, *ACCESS, *HEALTH)
