"""The routes of model access groups (seed 002)."""

from api.litellm.access_groups import answers, asks, calls
from api.litellm.route import DETAIL, GET, POST, READS, Route
from api.types import Request
from rbacadmin.policy import Action as Do

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("/access_group/new", POST, Do.MANAGE_ACCESS_GROUPS, asks.AccessGroupNew, answers.AccessGroupWritten,
          calls.new, DETAIL, "Give several models one name, to use wherever models are listed", duplicate_status=409),
    Route("/access_group/list", READS, Do.VIEW_ACCESS_GROUPS, Request, answers.AccessGroups, calls.list_all, DETAIL,
          "The groups that are assigned to you"),
    Route("/access_group/{access_group}/info", GET, Do.VIEW_ACCESS_GROUPS, asks.AccessGroupNamed, answers.AccessGroup,
          calls.info, DETAIL, "A group and its models"),
    Route("/access_group/{access_group}/update", ("PUT", "POST", "PATCH"), Do.MANAGE_ACCESS_GROUPS,
          asks.AccessGroupUpdate, answers.AccessGroupWritten, calls.update, DETAIL, "Change what a group stands for"),
    Route("/access_group/{access_group}/delete", ("DELETE", "POST"), Do.MANAGE_ACCESS_GROUPS, asks.AccessGroupNamed,
          answers.AccessGroupDeleted, calls.delete, DETAIL, "Delete a group that nobody uses"),
)
# fmt: on
