"""The routes under /management/v1."""

from api.litellm.management import answers, asks, calls
from api.litellm.route import GET, PROBLEM, WIRE, Route
from api.litellm.users.answers import UserRow
from api.types import Nothing
from rbacadmin.policy import Action as Do

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("/management/v1/users", GET, Do.VIEW_PEOPLE, asks.PeoplePage, answers.PeopleLinked, calls.people, PROBLEM,
          "The people that you may see", "links", wire=WIRE["user"]),
    Route("/management/v1/users/me", GET, Do.VIEW_PEOPLE, Nothing, UserRow, calls.me, PROBLEM, "Yourself"),
)
