"""What the key routes answer."""

from typing import Any

from api.litellm.limited import Budget, Limited, Temporary
from api.types import Response


class KeyOwner(Response):
    """The person behind a key, for `expand=user`; null where the caller does not see them."""

    user_id: str
    user_email: str | None = None
    user_alias: str | None = None
    user_role: str | None = None


class KeyRow(Limited, Temporary):
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
    budget_id: str | None = None
    litellm_budget_table: Budget | None = None
    user: KeyOwner | None = None


class KeyCreated(KeyRow):
    key: str


class BoundLimit(Response):
    """The level that binds. Its numbers are there for those who may read them."""

    level: str
    value: float | None = None
    spend: float | None = None
    remaining: float | None = None
    budget_reset_at: str | None = None


class LimitWarning(Response):
    """A level that was set before one above it was lowered: the smaller value counts."""

    level: str
    field: str
    message: str


class EffectiveLimits(Response):
    """What binds the calls of a key, by limit. `models` null is every model."""

    limits: dict[str, BoundLimit]
    models: list[str] | None = None
    models_cut_by: list[str]
    warnings: list[LimitWarning]


class KeyLimits(EffectiveLimits):
    key: str


class KeyDetails(KeyRow):
    effective_limits: EffectiveLimits | None = None


class KeyInfo(Response):
    key: str
    info: KeyDetails


class KeyUpdated(KeyRow):
    """`warning` stands there when the key went to another owner with the secret that the former one knows."""

    key: str
    warning: str | None = None


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


class KeyInfos(Response):
    """As many infos as keys: what was named and is not there stands in neither."""

    key: list[str]
    info: list[KeyRow]


class KeyAliases(Response):
    aliases: list[str]
    total_count: int
    current_page: int
    total_pages: int
    size: int


class KeyDone(Response):
    key: str
    key_info: KeyRow


class KeyFailed(Response):
    key: str
    key_info: KeyRow | None = None
    failed_reason: str


class KeysUpdated(Response):
    total_requested: int
    successful_updates: list[KeyDone]
    failed_updates: list[KeyFailed]
