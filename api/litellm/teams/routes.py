"""The routes of teams."""

from api.litellm import translate
from api.litellm.route import DELETES, DETAIL, ERROR, GET, PATCH, POST, READS, UPDATES, Route
from api.litellm.teams import answers, asks, calls, members, several
from api.types import Nothing
from rbacadmin.policy import Action as Do

IN_TEAM = {"max_budget": "max_budget_in_team", "models": "allowed_models", **translate.wire_names(translate.TEMPORARY)}

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("/team/new", POST, Do.CREATE_TEAMS, asks.TeamNew, answers.TeamRow, calls.new, ERROR, "Create a team"),
    Route("/team/update", UPDATES, Do.CHANGE_TEAMS, asks.TeamUpdate, answers.TeamUpdated, calls.update, ERROR,
          "Change a team: what is left out is kept, null clears"),
    Route("/team/{team_id}", PATCH, Do.CHANGE_TEAMS, asks.TeamPatch, answers.TeamRow, calls.patch, ERROR,
          "Change a team by merge-patch"),
    Route("/team/info", GET, Do.SEE_TEAMS, asks.TeamNamed, answers.TeamInfo, calls.info, ERROR,
          "A team with its members and keys"),
    Route("/team/list", READS, Do.SEE_TEAMS, asks.TeamFilter, answers.TeamArray, calls.list_all, DETAIL,
          "All teams that you may see", "array"),
    Route("/v2/team/list", READS, Do.SEE_TEAMS, asks.TeamPage, answers.Teams, calls.list_page, DETAIL,
          "Teams, page by page", "page_size"),
    Route("/team/member_add", POST, Do.MANAGE_MEMBERS, asks.TeamMembersNew, answers.TeamMembersAdded,
          members.add, DETAIL, "Add people to a team", wire=IN_TEAM),
    Route("/team/bulk_member_add", POST, Do.MANAGE_MEMBERS, asks.TeamMembersMany, answers.TeamMembersTried,
          members.add_many, DETAIL, "Add people to a team, each by themselves", wire=IN_TEAM),
    Route("/team/available", GET, Do.SEE_TEAMS, Nothing, answers.TeamsOpen, members.available, DETAIL,
          "The teams that you may join by yourself"),
    Route("/team/{team_id}/members/me", GET, Do.VIEW_MEMBERS, asks.TeamInPath, answers.MyMembership, members.mine,
          DETAIL, "Your own membership of a team"),
    Route("/team/member_update", UPDATES, Do.MANAGE_MEMBERS, asks.TeamMemberUpdate, answers.TeamMemberUpdated,
          members.update, DETAIL, "Change a member's role or limits", wire=IN_TEAM),
    Route("/team/member_delete", DELETES, Do.MANAGE_MEMBERS, asks.TeamMemberNamed, answers.TeamRow,
          members.delete, DETAIL, "Take a person out of a team; their keys in it are archived"),
    Route("/team/delete", DELETES, Do.DELETE_TEAMS, asks.TeamsNamed, answers.TeamsDeleted, calls.delete, DETAIL,
          "Delete teams with their keys: all or none"),
    Route("/team/block", POST, Do.BLOCK_TEAMS, asks.TeamNamed, answers.TeamRow, calls.block, DETAIL, "Block a team"),
    Route("/team/unblock", POST, Do.BLOCK_TEAMS, asks.TeamNamed, answers.TeamRow, calls.unblock, DETAIL,
          "Lift the block of a team"),
    Route("/team/permissions_list", GET, Do.VIEW_TEAM_PERMISSIONS, asks.TeamNamed, answers.TeamPermissionsRow,
          calls.permissions_list, DETAIL, "What a team's members may do with its keys"),
    Route("/team/model/add", POST, Do.CHANGE_TEAM_MODELS, asks.TeamModels, answers.TeamRow, several.add_models, DETAIL,
          "More models for a team; one without a list has all of its organization and keeps them"),
    Route("/team/model/delete", DELETES, Do.CHANGE_TEAM_MODELS, asks.TeamModels, answers.TeamRow,
          several.delete_models, DETAIL, "Fewer models for a team; without the last one it has none"),
    Route("/team/permissions_bulk_update", POST, Do.CHANGE_TEAM_PERMISSIONS, asks.TeamsPermissions,
          answers.TeamsPermitted, several.add_permissions, DETAIL,
          "More permissions for the members of several teams, each team by itself"),
    Route("/team/permissions_update", UPDATES, Do.CHANGE_TEAM_PERMISSIONS, asks.TeamPermissions, answers.TeamRow,
          calls.permissions_update, DETAIL,
          "Say what a team's members may do with its keys; null restores the default"),
)
# fmt: on
