"""Rows of the table: manifests."""

from api.litellm.route import ERROR, GET, POST, Route
from api.manifests import answers, asks, calls
from api.types import Nothing
from rbacadmin.policy import Action as Do

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("/manifests/plan", POST, Do.MANAGE_MEMBERS, asks.ManifestsGiven, answers.PlanShown, calls.plan, ERROR,
          "What applying manifests would do, and who would gain or lose what"),
    Route("/manifests/apply", POST, Do.MANAGE_MEMBERS, asks.ManifestsPlanned, answers.PlanShown, calls.apply, ERROR,
          "Make everything as manifests declare it, all or nothing"),
    Route("/manifests", GET, Do.SEE_TEAMS, asks.ManifestPage, answers.Manifests, calls.export, ERROR,
          "What is, as manifests"),
    Route("/manifests/templates", GET, None, Nothing, answers.Templates, calls.templates, ERROR,
          "The templates that come along"),
)
# fmt: on
