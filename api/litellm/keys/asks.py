"""What the key routes accept: LiteLLM's names, our bounds."""

from typing import Literal

from pydantic.json_schema import SkipJsonSchema

from api.litellm.types import (
    Duration,
    Ident,
    Idents,
    Limits,
    Metadata,
    Named,
    Names,
    PageNumber,
    PageSize,
    Request,
    Sort,
    Text,
)


class KeyFields(Limits):
    key_alias: Text | None = None
    duration: Duration | None = None
    user_id: Ident | None = None
    team_id: Ident | None = None
    project_id: Ident | None = None
    organization_id: Ident | None = None
    aliases: dict[Named, Named] | None = None
    permissions: Metadata | None = None
    allowed_routes: Names | None = None
    key_type: Literal["default", "llm_api", "management", "read_only"] | None = None
    blocked: bool | None = None


class KeyNew(KeyFields):
    key: Text | None = None


class KeyUpdate(KeyFields):
    key: Ident | None = None


class KeyNamed(Request):
    key: Ident


class KeyOrOwn(Request):
    key: Ident | None = None


class KeysNamed(Request):
    keys: Idents | None = None
    key_aliases: Idents | None = None


class KeyPage(Request):
    page: PageNumber = 1
    size: PageSize = 10
    user_id: Ident | None = None
    team_id: Ident | None = None
    organization_id: Ident | None = None
    project_id: Ident | None = None
    key_hash: Ident | None = None
    key_alias: Text | None = None
    search: Text | None = None
    substring_matching: bool = False
    status: Literal["active", "expired", "revoked", "blocked"] | None = None
    return_full_object: bool = False
    sort_by: Literal["created_at", "updated_at", "key_alias", "token"] = "created_at"
    sort_order: Sort = "desc"


class Rotation(KeyFields):
    """A new secret, and changes along with it. For `grace_period` the old secret keeps working."""

    grace_period: Duration | None = None
    new_key: Text | None = None


class KeyRegenerate(Rotation):
    key: Ident


class KeyRegenerateInPath(Rotation):
    """The key stands in the path."""

    key: SkipJsonSchema[Ident]
