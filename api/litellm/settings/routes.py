"""The routes of the settings."""

from api.litellm.route import DETAIL, GET, POST, UPDATES, Route
from api.litellm.settings import answers, asks, calls
from api.types import Nothing
from rbacadmin.policy import Action as Do

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("/settings", GET, Do.VIEW_SETTINGS, Nothing, answers.Settings, calls.info, DETAIL,
          "The settings in force, each with where it comes from"),
    Route("/settings/update", UPDATES, Do.CHANGE_SETTINGS, asks.SettingsUpdate, answers.Settings, calls.update, DETAIL,
          "Change settings that neither file nor environment decides"),
    Route("/settings/jwt", POST, Do.CHANGE_SETTINGS, asks.JwtSettings, answers.Settings, calls.jwt, DETAIL,
          "Which roles in tokens stand for which platform roles"),
    Route("/settings/jobs", POST, Do.RUN_JOBS, asks.Jobs, answers.JobsRun, calls.jobs, DETAIL,
          "Run maintenance jobs now"),
)
# fmt: on
