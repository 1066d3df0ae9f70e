"""What the key routes answer."""

from typing import Any

from api.litellm.limited import Budget, Limited
from api.litellm.types import Response


class KeyRow(Limited):
    token: str | None = None
    token_id: str | None = None
    key_name: str
    key_alias: str | None = None
    user_id: str | None = None
    user_email: str | None = None
    team_id: str | None = None
    team_alias: str | None = None
    project_id: str | None = None
    organization_id: str | None = None
    expires: str | None = None
    last_active: str | None = None
    aliases: dict[str, str] | None = None
    permissions: dict[str, Any] | None = None
    allowed_routes: list[str] | None = None
    key_type: str | None = None
    status: str | None = None
    litellm_budget_table: Budget | None = None


class KeyCreated(KeyRow):
    key: str


class KeyInfo(Response):
    key: str
    info: KeyRow


class KeyUpdated(KeyRow):
    key: str


class KeysDeleted(Response):
    deleted_keys: list[str]


class Keys(Response):
    keys: list[str | KeyRow]
    total_count: int
    current_page: int
    total_pages: int


class KeyHealth(Response):
    key: str
    logging_callbacks: dict[str, Any] | None = None
