"""What the structured settings look like, whether the file or the environment holds them. Unknown names are mistakes.

Nothing here needs Django: the settings are read before it. Money is dollars, as LiteLLM writes it.
"""

import re
from decimal import Decimal
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

PlatformRole = Literal["proxy_admin", "proxy_admin_viewer", "internal_user", "internal_user_viewer"]
TokenRole = Literal["proxy_admin", "proxy_admin_viewer", "internal_user", "internal_user_viewer", "team", "customer"]
LEADING = "proxy_admin"  # never given by a pattern
ROUTE_PRESETS = (
    *("llm_api_routes", "openai_routes", "management_routes", "info_routes"),
    *("spend_tracking_routes", "global_spend_tracking_routes"),
)
DURATION = re.compile(r"[1-9][0-9]{0,6}(s|m|h|d|w|mo)|hourly|daily|weekly|monthly", re.ASCII)
LARGEST = 9_000_000_000  # dollars: what a budget can hold
MOST = 200


def structured(value: Any) -> Any:
    """What a text of JSON or YAML says; nothing for an empty one."""
    return (yaml.safe_load(value) or None) if isinstance(value, str) else value


def first(value: Any) -> Any:
    """The one entry of a list, as older files write `default_team_settings`; anything else as it is."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def duration(text: str) -> str:
    if not DURATION.fullmatch(text):
        raise ValueError("must be a whole number above 0 with a unit: s, m, h, d, w or mo (for example 30d)")
    return text


def route(text: str) -> str:
    if not text.startswith("/") and text not in ROUTE_PRESETS:
        raise ValueError(f"'{text}' is neither a path that begins with '/' nor one of {', '.join(ROUTE_PRESETS)}")
    return text


def casefolded(value: Any) -> Any:
    """Roles are written in any case (rulebook, roles and words)."""
    return value.lower().replace("_view_only", "_viewer") if isinstance(value, str) else value


Name = Annotated[str, Field(min_length=1, max_length=255)]
Claim = Annotated[str, Field(max_length=255)]
Names = Annotated[list[Name], Field(max_length=MOST)]
Route = Annotated[Name, AfterValidator(route)]
Routes = Annotated[list[Route], Field(max_length=MOST)]
Dollars = Annotated[Decimal, Field(ge=0, le=LARGEST, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=10**15, strict=True)]
Duration = Annotated[str, AfterValidator(duration)]
Role = Annotated[TokenRole, BeforeValidator(casefolded)]


class Strict(BaseModel):
    """No unknown names, and nothing that changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RoleMapping(Strict):
    """Which claim of single sign-on holds groups, and what each brings. Platform roles are named, never a default."""

    claim: str = Field(min_length=1)
    roles: dict[str, PlatformRole]
    default: Literal["internal_user", "internal_user_viewer"] | None = None

    @model_validator(mode="after")
    def names_the_leading_role_in_full(self) -> "RoleMapping":
        if any(role == LEADING and any(sign in name for sign in "*?[") for name, role in self.roles.items()):
            raise ValueError(f"{LEADING} must be mapped explicitly: name the role in full, without a pattern")
        return self


class TeamMapping(Strict):
    """Which claim of single sign-on holds the ids of teams."""

    claim: str = Field(min_length=1)


class Caps(Strict):
    """Limits by their LiteLLM names."""

    max_budget: Dollars | None = Field(default=None, description="dollars")
    budget_duration: Duration | None = Field(default=None, description="`30d`, `1mo`, `monthly`")
    tpm_limit: Count | None = Field(default=None, description="tokens per minute")
    rpm_limit: Count | None = Field(default=None, description="requests per minute")
    max_parallel_requests: Count | None = Field(default=None, description="calls at the same time")


class RolePermission(Caps):
    """What one role may call: narrows what it may do, never widens it (rulebook 22)."""

    role: Role = Field(description="a platform role, `team` or `customer`")
    models: Names | None = Field(default=None, description="names, groups and patterns; null and [] restrict nothing")
    routes: Routes | None = Field(default=None, description="paths, patterns and presets; null and [] restrict nothing")

    @model_validator(mode="after")
    def period_has_budget(self) -> "RolePermission":
        if self.budget_duration and self.max_budget is None:
            raise ValueError("budget_duration needs max_budget")
        return self


class TeamDefaults(Caps):
    """What a new team has where its creator says nothing, as far as its organization allows."""

    models: Names | None = Field(default=None, description="names, groups and patterns")
    team_member_permissions: Names | None = Field(default=None, description="key routes that members may use")


class UserDefaults(Caps):
    """What a new person has where their creator says nothing."""

    user_role: Annotated[Literal["internal_user", "internal_user_viewer"] | None, BeforeValidator(casefolded)] = Field(
        default=None, description="`internal_user` or `internal_user_viewer`"
    )
    models: Names | None = Field(default=None, description="names, groups and patterns")


class KeyDefaults(Caps):
    """What a new key has where its creator says nothing, as far as its parents allow. Never a refusal."""

    models: Names | None = Field(default=None, description="names, groups and patterns")
    duration: Duration | None = Field(default=None, description="how long a key lives")


class UpperBounds(Caps):
    """The most that a key may have, whoever makes it. A limit that is left out becomes the bound itself."""

    duration: Duration | None = Field(default=None, description="how long a key may live")


class ModelEntry(Strict):
    """One model of the file."""

    model_name: Name = Field(description="the name that callers use")
    litellm_params: dict[str, Any] = Field(description="`model`, `api_base`, `api_key` and the like")
    model_info: dict[str, Any] = Field(
        default_factory=dict, description="`id`, `input_cost_per_token`, `output_cost_per_token` and free entries"
    )

    @model_validator(mode="after")
    def has_a_model(self) -> "ModelEntry":
        if not isinstance(self.litellm_params.get("model"), str):
            raise ValueError("litellm_params needs model: the provider's name of it")
        return self


def each_once(entries: list[Any], name: str) -> list[Any]:
    """The entries, when no two have the same value under `name`. Raises ValueError."""
    seen = [getattr(entry, name) for entry in entries]
    if twice := sorted({value for value in seen if seen.count(value) > 1}):
        raise ValueError(f"stands there twice: {', '.join(map(str, twice))}")
    return entries


RolePermissions = Annotated[
    list[RolePermission], Field(max_length=MOST), AfterValidator(lambda entries: each_once(entries, "role"))
]
ModelList = Annotated[
    list[ModelEntry], Field(max_length=2000), AfterValidator(lambda entries: each_once(entries, "model_name"))
]
