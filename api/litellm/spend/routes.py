"""The routes of spend."""

from api.litellm.keys.answers import KeyRow
from api.litellm.projects.answers import ProjectRow
from api.litellm.route import DETAIL, ERROR, GET, POST, Route
from api.litellm.spend import activity, answers, asks, costs, days, labelled, logs, platform, reports, resets
from api.litellm.teams.answers import TeamMembership, TeamRow
from api.types import Nothing
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
LOGS: tuple[Route, ...] = (
    Route("/spend/logs", GET, Do.VIEW_SPEND, asks.Logs, answers.SpendLogs, logs.logs, DETAIL,
          "What was spent: by day when dates are given, else call by call", "array"),
    Route("/spend/logs/v2", GET, Do.VIEW_SPEND, asks.LogsPage, answers.SpendLogPage, logs.logs_page, DETAIL,
          "Single calls with what they cost, page by page", "page_size"),
    Route("/spend/keys", GET, Do.VIEW_SPEND, asks.TopKeys, answers.KeySpends, logs.top_keys, DETAIL,
          "What each key spent", "array"),
    Route("/spend/users", GET, Do.VIEW_SPEND, asks.TopUsers, answers.UserSpends, logs.top_users, DETAIL,
          "What each person spent", "array"),
    Route("/spend/tags", GET, Do.VIEW_SPEND, asks.Days, answers.TagSpends, labelled.tags, DETAIL,
          "What calls with each tag cost", "array"),
    Route("/spend/calculate", POST, Do.VIEW_SPEND, asks.Calculate, answers.Cost, costs.calculate, DETAIL,
          "What a call costs, by the catalog's prices"),
)
GLOBAL: tuple[Route, ...] = (
    Route("/global/spend", GET, Do.VIEW_SPEND, Nothing, answers.GlobalSpend, platform.spend, DETAIL,
          "What the whole platform spent"),
    Route("/global/spend/logs", GET, Do.VIEW_SPEND, asks.GlobalDays, answers.DatedSpend, platform.logs, DETAIL,
          "What the whole platform spent, day by day", "array"),
    Route("/global/spend/keys", GET, Do.VIEW_SPEND, asks.GlobalTop, answers.TopKeys, platform.top_keys, DETAIL,
          "The keys that cost most", "array"),
    Route("/global/spend/teams", GET, Do.VIEW_SPEND, asks.Days, answers.TeamsSpend, platform.teams, DETAIL,
          "What each team spent, day by day"),
    Route("/global/spend/models", GET, Do.VIEW_SPEND, asks.GlobalTop, answers.ModelTotals, platform.models, DETAIL,
          "The models that cost most", "array"),
    Route("/global/spend/provider", GET, Do.VIEW_SPEND, asks.Days, answers.ProviderTotals, platform.by_provider, DETAIL,
          "What each provider cost", "array"),
    Route("/global/spend/report", GET, Do.VIEW_SPEND, asks.GlobalReport, answers.Report, platform.report, DETAIL,
          "What each team, organization, person or key cost", "array"),
    Route("/global/spend/end_users", POST, Do.VIEW_SPEND, asks.EndUsers, answers.EndUserTotals, labelled.end_users,
          DETAIL, "The end users that cost most", "array"),
    Route("/global/activity", GET, Do.VIEW_SPEND, asks.Days, days.Activity, platform.activity, DETAIL,
          "Requests and tokens, day by day"),
    Route("/global/activity/model", GET, Do.VIEW_SPEND, asks.Days, days.ModelActivities,
          platform.activity_of_models, DETAIL, "Requests and tokens of each model, day by day", "array"),
)
DAILY: tuple[Route, ...] = (
    Route("/user/daily/activity", GET, Do.VIEW_SPEND, asks.UserActivity, days.DailyActivity, activity.of_users,
          DETAIL, "What people used, day by day"),
    Route("/team/daily/activity", GET, Do.VIEW_SPEND, asks.TeamActivity, days.DailyActivity, activity.of_teams,
          DETAIL, "What teams used, day by day"),
    Route("/organization/daily/activity", GET, Do.VIEW_SPEND, asks.OrganizationActivity, days.DailyActivity,
          activity.of_organizations, DETAIL, "What organizations used, day by day"),
    Route("/project/daily/activity", GET, Do.VIEW_SPEND, asks.ProjectActivity, days.DailyActivity,
          activity.of_projects, DETAIL, "What projects used, day by day"),
    Route("/customer/daily/activity", GET, Do.VIEW_SPEND, asks.CustomerActivity, days.DailyActivity,
          labelled.of_customers, DETAIL, "What end users used, day by day"),
    Route("/end_user/daily/activity", GET, Do.VIEW_SPEND, asks.CustomerActivity, days.DailyActivity,
          labelled.of_customers, DETAIL, "What end users used, day by day"),
    Route("/tag/daily/activity", GET, Do.VIEW_SPEND, asks.TagActivity, days.DailyActivity, labelled.of_tags, DETAIL,
          "What was used under tags, day by day"),
)
REPORTS: tuple[Route, ...] = (
    Route("/key/spend/report", GET, Do.VIEW_SPEND, asks.KeyReport, answers.Report, reports.of_keys, DETAIL,
          "What keys cost, model by model", "array"),
    Route("/user/spend/report", GET, Do.VIEW_SPEND, asks.UserReport, answers.Report, reports.of_users, DETAIL,
          "What people cost, model by model", "array"),
    Route("/team/spend/report", GET, Do.VIEW_SPEND, asks.TeamReport, answers.Report, reports.of_teams, DETAIL,
          "What teams cost, model by model", "array"),
    Route("/organization/spend/report", GET, Do.VIEW_SPEND, asks.OrganizationReport, answers.Report,
          reports.of_organizations, DETAIL, "What organizations cost, model by model", "array"),
)
# fmt: on
ROUTES: tuple[Route, ...] = (*LOGS, *GLOBAL, *DAILY, *REPORTS, *RESETS)
