"""The routes of users."""

from api.litellm.route import DETAIL, ERROR, GET, POST, READS, Route
from api.litellm.users import answers, asks, calls
from rbacadmin.policy import Action as Do

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("/user/new", POST, Do.CREATE_PEOPLE, asks.UserNew, answers.UserCreated, calls.new, ERROR,
          "Create a person, with a first key unless auto_create_key is false", duplicate_status=409),
    Route("/user/info", GET, Do.VIEW_PEOPLE, asks.UserNamed, answers.UserInfo, calls.info, ERROR,
          "A person, or yourself"),
    Route("/user/list", READS, Do.VIEW_PEOPLE, asks.UserPage, answers.Users, calls.list_page, DETAIL,
          "The people that you may see", "page_size"),
)
# fmt: on
