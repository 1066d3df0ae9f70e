"""What the user routes answer."""

from api.litellm.keys.answers import KeyRow
from api.litellm.limited import Limited
from api.litellm.lists import Numbered
from api.litellm.teams.answers import TeamRow
from api.litellm.types import Response


class UserRow(Limited):
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
