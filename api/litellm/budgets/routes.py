"""The routes of budgets that several rows share."""

from api.litellm.budgets import answers, asks, calls
from api.litellm.route import DELETES, DETAIL, GET, POST, READS, UPDATES, Route
from api.types import Request
from rbacadmin.policy import Action as Do

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("/budget/new", POST, Do.MANAGE_BUDGETS, asks.BudgetFields, answers.BudgetRow, calls.new, DETAIL,
          "Create a budget that several keys, organizations or customers can hold"),
    Route("/budget/update", UPDATES, Do.MANAGE_BUDGETS, asks.BudgetUpdate, answers.BudgetRow, calls.update, DETAIL,
          "Change a budget for everybody who holds it: what is left out is kept, null clears"),
    Route("/budget/info", POST, Do.VIEW_BUDGETS, asks.BudgetsNamed, answers.BudgetArray, calls.info, DETAIL,
          "Several budgets"),
    Route("/budget/list", READS, Do.VIEW_BUDGETS, Request, answers.BudgetArray, calls.list_all, DETAIL,
          "All budgets that you may see", "array"),
    Route("/budget/settings", GET, Do.VIEW_BUDGETS, asks.BudgetNamed, answers.BudgetFields, calls.settings, DETAIL,
          "The limits of a budget, one by one"),
    Route("/budget/delete", DELETES, Do.MANAGE_BUDGETS, asks.BudgetDelete, answers.BudgetDeleted, calls.delete, DETAIL,
          "Delete a budget that nobody holds"),
)
# fmt: on
