"""The routes of customers: the end users of those who call. `/end_user/*` is LiteLLM's older name for the same."""

from dataclasses import replace

from api.litellm.customers import answers, asks, calls
from api.litellm.route import DELETES, ERROR, GET, POST, READS, UPDATES, Route
from api.types import Request
from rbacadmin.policy import Action as Do

# fmt: off
CUSTOMER: tuple[Route, ...] = (
    Route("/customer/new", POST, Do.MANAGE_CUSTOMERS, asks.CustomerNew, answers.CustomerRow, calls.new, ERROR,
          "Create a customer with limits of its own"),
    Route("/customer/update", UPDATES, Do.MANAGE_CUSTOMERS, asks.CustomerUpdate, answers.CustomerRow, calls.update,
          ERROR, "Change a customer: what is left out is kept, null clears"),
    Route("/customer/info", GET, Do.VIEW_CUSTOMERS, asks.CustomerNamed, answers.CustomerRow, calls.info, ERROR,
          "A customer with what was spent for it"),
    Route("/customer/list", READS, Do.VIEW_CUSTOMERS, Request, answers.CustomerArray, calls.list_all, ERROR,
          "All customers that you may see", "array"),
    Route("/customer/delete", DELETES, Do.MANAGE_CUSTOMERS, asks.CustomersNamed, answers.CustomersDeleted,
          calls.delete, ERROR, "Delete customers: all or none"),
    Route("/customer/block", POST, Do.MANAGE_CUSTOMERS, asks.CustomersNamed, answers.CustomersBlocked, calls.block,
          ERROR, "Refuse all calls for these customers; who is not known yet is made, blocked"),
    Route("/customer/unblock", POST, Do.MANAGE_CUSTOMERS, asks.CustomersNamed, answers.CustomersBlocked,
          calls.unblock, ERROR, "Let calls for these customers through again"),
)
# fmt: on
ROUTES = CUSTOMER + tuple(replace(route, path=route.path.replace("/customer/", "/end_user/")) for route in CUSTOMER)
