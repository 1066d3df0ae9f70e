"""The routes of spend."""

from api.litellm.keys.answers import KeyRow
from api.litellm.projects.answers import ProjectRow
from api.litellm.route import DETAIL, ERROR, POST, Route
from api.litellm.spend import resets
from api.litellm.teams.answers import TeamMembership, TeamRow
from rbacadmin.policy import Action as Do

RESET_TO = {"spend": "reset_to"}

# fmt: off
RESETS: tuple[Route, ...] = (
    Route("/key/{key}/reset_spend", POST, Do.RESET_KEY_SPEND, resets.KeyReset, KeyRow, resets.reset_key, ERROR,
          "Set back what a key has spent in the running period", wire=RESET_TO),
    Route("/team/{team_id}/reset_spend", POST, Do.RESET_SPEND, resets.TeamReset, TeamRow, resets.reset_team, DETAIL,
          "Set back what a team has spent in the running period", wire=RESET_TO),
    Route("/project/{project_id}/reset_spend", POST, Do.RESET_SPEND, resets.ProjectReset, ProjectRow,
          resets.reset_project, DETAIL, "Set back what a project has spent in the running period", wire=RESET_TO),
    Route("/team/{team_id}/member/{user_id}/reset_spend", POST, Do.RESET_SPEND, resets.MemberReset, TeamMembership,
          resets.reset_member, DETAIL, "Set back what a member has spent in the team", wire=RESET_TO),
    Route("/team/{team_id}/member/{user_id}/reset_budget", POST, Do.CHANGE_MEMBER_LIMITS, resets.MemberInPath,
          TeamMembership, resets.reset_member_budget, DETAIL,
          "Give a member the limits that the team's new members start with"),
)
# fmt: on
ROUTES: tuple[Route, ...] = RESETS
