"""What the user routes answer."""

from pydantic import RootModel

from api.litellm.keys.answers import KeyRow
from api.litellm.limited import Limited, Temporary
from api.litellm.lists import Numbered
from api.litellm.teams.answers import TeamRow
from api.types import Response


class UserRow(Limited, Temporary):
    user_id: str
    user_email: str | None = None
    user_alias: str | None = None
    user_role: str | None = None
    key_count: int | None = None


class UserCreated(KeyRow):
    key: str | None = None
    key_name: str | None = None  # type: ignore[assignment]
    user_alias: str | None = None
    user_role: str | None = None
    teams: list[str] | None = None
    organizations: list[str] | None = None


class UserInfo(Response):
    user_id: str
    user_info: UserRow
    keys: list[KeyRow]
    teams: list[TeamRow]


class Users(Numbered):
    users: list[UserRow]


class UserFlat(UserRow):
    """A person with the ids of their teams that the caller sees."""

    teams: list[str]


class UserUpdated(Response):
    user_id: str
    data: UserRow


class UserOutcome(Response):
    """What became of one person of a list."""

    user_id: str | None = None
    user_email: str | None = None
    success: bool
    error: str | None = None
    updated_user: UserRow | None = None


class UsersUpdated(Response):
    results: list[UserOutcome]
    total_requested: int
    successful_updates: int
    failed_updates: int


class UsersBlocked(Response):
    blocked_users: list[UserRow]


class UsersUnblocked(Response):
    unblocked_users: list[UserRow]


class UsersDeleted(RootModel[int]):
    """How many."""


class SessionsRevoked(Response):
    user_id: str
    sessions: int


class PasswordChanged(Response):
    user_id: str


class PasswordReset(Response):
    user_id: str
    link: str


class RoleShown(Response):
    description: str
    ui_label: str


class RolesShown(RootModel[dict[str, RoleShown]]):
    """The platform roles by name."""


class UserFound(Response):
    user_id: str
    user_email: str | None = None


class UsersFound(RootModel[list[UserFound]]):
    """People by id and e-mail, for search fields."""
