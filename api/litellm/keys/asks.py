"""What the key routes accept: LiteLLM's names, our bounds."""

from typing import Annotated, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api.litellm.types import Duration, Limits, TemporaryBudget
from api.types import Ident, Idents, Metadata, Named, Names, PageNumber, PageSize, Request, Sort, Text

KeyType = Literal["default", "llm_api", "management", "read_only", "gateway"]


class KeyFields(Limits, TemporaryBudget):
    budget_id: Ident | None = None
    key_alias: Text | None = None
    duration: Duration | None = None
    user_id: Ident | None = None
    team_id: Ident | None = None
    project_id: Ident | None = None
    organization_id: Ident | None = None
    aliases: dict[Named, Named] | None = None
    permissions: Metadata | None = None
    allowed_routes: Names | None = None
    key_type: KeyType | None = None
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
    status: Literal["active", "expired", "revoked", "blocked", "deleted"] | None = None
    return_full_object: bool = False
    expand: Literal["user"] | None = None
    include_team_keys: bool = False
    include_created_by_keys: bool = False
    # not by spend: other people's is hidden, and an order would tell it
    sort_by: Literal[
        "created_at",
        "updated_at",
        "key_alias",
        "token",
        "expires",
        "last_active",
        "max_budget",
        "tpm_limit",
        "rpm_limit",
    ] = "created_at"
    sort_order: Sort = "desc"


class KeyAliasPage(Request):
    page: PageNumber = 1
    size: PageSize = 50
    search: Text | None = None
    team_id: Ident | None = None


class KeysUpdate(Request):
    """Several keys, each with its changes."""

    keys: Annotated[list[KeyUpdate], Field(min_length=1, max_length=500)]


class TeamKeysUpdate(Request):
    """Keys of one team, all changed alike."""

    team_id: Ident
    key_ids: Annotated[Idents, Field(min_length=1)] | None = None
    all_keys_in_team: bool = False
    update_fields: KeyFields


class Rotation(KeyFields):
    """A new secret, and changes along with it. For `grace_period` the old secret keeps working."""

    grace_period: Duration | None = None
    new_key: Text | None = None


class KeyRegenerate(Rotation):
    key: Ident


class KeyRegenerateInPath(Rotation):
    """The key stands in the path."""

    key: SkipJsonSchema[Ident]
