"""The routes of users."""

from api.litellm.route import DELETES, DETAIL, ERROR, GET, POST, READS, UPDATES, WIRE, Route
from api.litellm.users import answers, asks, calls, changing, ending
from api.types import Nothing
from rbacadmin.policy import Action as Do

CHANGED = {**WIRE["user"], "new_password": "password"}

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("/user/new", POST, Do.CREATE_PEOPLE, asks.UserNew, answers.UserCreated, calls.new, ERROR,
          "Create a person, with a first key unless auto_create_key is false", duplicate_status=409),
    Route("/user/info", GET, Do.VIEW_PEOPLE, asks.UserNamed, answers.UserInfo, calls.info, ERROR,
          "A person, or yourself"),
    Route("/user/list", READS, Do.VIEW_PEOPLE, asks.UserPage, answers.Users, calls.list_page, DETAIL,
          "The people that you may see", "page_size"),
    Route("/v2/user/info", GET, Do.VIEW_PEOPLE, asks.UserNamed, answers.UserFlat, calls.flat_info, ERROR,
          "A person, or yourself, as one flat row"),
    Route("/user/filter/ui", GET, Do.VIEW_PEOPLE, asks.UserSearch, answers.UsersFound, calls.search, DETAIL,
          "Find people by parts of their id and e-mail"),
    Route("/user/available_roles", GET, None, Nothing, answers.RolesShown, calls.available_roles, DETAIL,
          "The platform roles"),
    Route("/user/update", UPDATES, Do.CHANGE_PROFILE, asks.UserUpdate, answers.UserUpdated, changing.update, ERROR,
          "Change a person: what is left out is kept, null clears", wire=CHANGED, duplicate_status=409),
    Route("/user/bulk_update", UPDATES, Do.CHANGE_PROFILE, asks.UsersUpdate, answers.UsersUpdated,
          changing.bulk_update, DETAIL, "Change people, each by themselves; or all of them alike"),
    Route("/user/block", POST, Do.BLOCK_PEOPLE, asks.UsersNamed, answers.UsersBlocked, ending.block, DETAIL,
          "Block people and sign them out: all or none"),
    Route("/user/unblock", POST, Do.BLOCK_PEOPLE, asks.UsersNamed, answers.UsersUnblocked, ending.unblock, DETAIL,
          "Lift the blocks of people: all or none"),
    Route("/user/delete", DELETES, Do.DELETE_PEOPLE, asks.UsersNamed, answers.UsersDeleted, ending.delete, DETAIL,
          "Delete people with their keys and memberships: all or none"),
    Route("/user/sessions/revoke", POST, Do.REVOKE_SESSIONS, asks.UserOnly, answers.SessionsRevoked,
          ending.revoke_sessions, DETAIL, "Sign a person out of the dashboard everywhere"),
    Route("/user/password/change", POST, Do.CHANGE_PROFILE, asks.PasswordChange, answers.PasswordChanged,
          changing.change_password, DETAIL, "Change your own password"),
    Route("/user/password/reset", POST, Do.CHANGE_PEOPLE, asks.UserOnly, answers.PasswordReset,
          changing.reset_password, DETAIL, "End a person's password; the link lets them choose a new one, once"),
)
# fmt: on
