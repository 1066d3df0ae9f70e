"""What the user routes accept: LiteLLM's names, our bounds."""

from typing import Literal

from api.litellm.types import Amount, Duration, Ident, Idents, Limits, PageNumber, PageSize, Request, Sort, Text


class TeamOfUser(Request):
    """A team to join, with the role there."""

    team_id: Ident
    user_role: Text = "user"
    max_budget_in_team: Amount | None = None


class UserNew(Limits):
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


class UserPage(Request):
    role: Text | None = None
    user_ids: Text | None = None
    user_email: Text | None = None
    search: Text | None = None
    team: Ident | None = None
    organization_ids: Text | None = None
    page: PageNumber = 1
    page_size: PageSize = 25
    sort_by: Literal["user_id", "user_alias", "user_role", "created_at", "updated_at"] = "created_at"
    sort_order: Sort = "desc"
