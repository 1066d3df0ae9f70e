"""What the user routes accept: LiteLLM's names, our bounds."""

from typing import Annotated, Literal

from pydantic import Field

from api.litellm.memberships.asks import PersonNamed
from api.litellm.types import Amount, Duration, Limits, TemporaryBudget
from api.types import Ident, Idents, PageNumber, PageSize, Request, Sort, Text

Password = Annotated[str, Field(max_length=1024)]


class TeamOfUser(Request):
    """A team to join, with the role there."""

    team_id: Ident
    user_role: Text = "user"
    max_budget_in_team: Amount | None = None


class UserNew(Limits, TemporaryBudget):
    user_id: Ident | None = None
    user_email: Ident | None = None
    user_alias: Text | None = None
    user_role: Text | None = None
    organization_id: Ident | None = None
    organizations: Idents | None = None
    teams: list[Ident | TeamOfUser] | None = None
    auto_create_key: bool = True
    key_alias: Text | None = None
    duration: Duration | None = None


class UserNamed(Request):
    user_id: Ident | None = None


class UserFields(Limits, TemporaryBudget):
    """What can be changed about several people at once."""

    user_alias: Text | None = None
    user_role: Text | None = None
    spend: Amount | None = None


class UserUpdate(PersonNamed, UserFields):
    """Who is named by `user_id` may get another `user_email`; one's own takes the current password."""

    password: Password | None = None
    current_password: Password | None = None


class UsersUpdate(Request):
    """Either people, each with their changes, or the same changes for all."""

    users: Annotated[list[UserUpdate], Field(max_length=500)] | None = None
    all_users: bool = False
    user_updates: UserFields | None = None


class UsersNamed(Request):
    user_ids: Annotated[Idents, Field(min_length=1)]


class UserOnly(Request):
    user_id: Ident


class PasswordChange(Request):
    current_password: Password
    new_password: Password


class UserSearch(Request):
    user_id: Text | None = None
    user_email: Text | None = None
    page: PageNumber = 1
    page_size: PageSize = 50


class UserPage(Request):
    role: Text | None = None
    blocked: bool | None = None
    user_ids: Text | None = None
    user_email: Text | None = None
    search: Text | None = None
    team: Ident | None = None
    organization_ids: Text | None = None
    page: PageNumber = 1
    page_size: PageSize = 25
    sort_by: Literal["user_id", "user_alias", "user_role", "created_at", "updated_at"] = "created_at"
    sort_order: Sort = "desc"
