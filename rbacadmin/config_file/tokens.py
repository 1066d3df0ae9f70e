"""What JWT settings look like: LiteLLM's `litellm_jwtauth`, with what must be said for a token to be believed."""

from ipaddress import ip_address
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, model_validator

from rbacadmin.config_file.shapes import LEADING, MOST, Claim, Name, Names, Role, Routes, Strict, each_once

# Only keys that the provider holds alone: with a shared secret, or none, anybody who knows it could sign.
ASYMMETRIC = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
SYMMETRIC = ("HS256", "HS384", "HS512")
Algorithm = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "HS256", "HS384", "HS512"
]
WEAKEST_SECRET = 32  # bytes: as long as the digest of HS256


def commas(value: Any) -> Any:
    """A list that may be written with commas, or as one text."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


CommaNames = Annotated[list[Name], BeforeValidator(commas), Field(max_length=20)]
CommaAlgorithms = Annotated[list[Algorithm], BeforeValidator(commas), Field(max_length=20)]


def usual() -> list[Algorithm]:
    """How tokens are signed unless it is said otherwise."""
    return ["RS256", "ES256", "EdDSA"]


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server bound to `host`."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class RoleMapping(Strict):
    """A role of the token and the one that it stands for. Nobody becomes a platform admin by a pattern (SET-03)."""

    role: str = Field(
        min_length=1, max_length=255, validation_alias=AliasChoices("role", "jwt_role"),
        description="a role of the token; `*`, `?` and `[...]` make a pattern, but for proxy_admin",
    )  # fmt: skip
    internal_role: Role = Field(
        validation_alias=AliasChoices("internal_role", "litellm_role"), description="what it stands for here"
    )

    @model_validator(mode="after")
    def names_the_leading_role_in_full(self) -> "RoleMapping":
        if self.internal_role == LEADING and any(sign in self.role for sign in "*?["):
            raise ValueError(f"{LEADING} must be mapped explicitly: name the role in full, without a pattern")
        return self


RoleMappings = Annotated[
    list[RoleMapping], Field(max_length=MOST), AfterValidator(lambda entries: each_once(entries, "role"))
]


class ScopeMapping(Strict):
    """What a token may call that has this scope."""

    scope: Name = Field(description="one of the token's scopes (`scope` or `scp`), to the letter")
    models: Names | None = Field(default=None, description="names, groups and patterns; null restricts nothing")
    routes: Routes | None = Field(default=None, description="paths, patterns and presets; null restricts nothing")


class Issuer(Strict):
    """One who signs tokens. Its keys vouch for its own tokens only."""

    issuer: Name = Field(description="the token's `iss`, to the letter")
    audience: CommaNames = Field(min_length=1, description="of which the token's `aud` names one")
    public_key_url: CommaNames = Field(default_factory=list, description="https addresses or files of keys (JWKS)")
    algorithms: CommaAlgorithms = Field(default_factory=usual, description="how its tokens may be signed")
    secret: str = Field(default="", description="the shared secret, for HS256 to HS512 only")

    @model_validator(mode="after")
    def can_be_verified(self) -> "Issuer":
        symmetric = [name for name in self.algorithms if name in SYMMETRIC]
        if symmetric and len(self.secret.encode()) < WEAKEST_SECRET:
            raise ValueError(f"{', '.join(symmetric)} need a secret of at least {WEAKEST_SECRET} characters")
        if self.secret and not symmetric:
            raise ValueError("a secret is for HS256, HS384 and HS512 only: name one of them in algorithms")
        if len(symmetric) < len(self.algorithms) and not self.public_key_url:
            raise ValueError("public_key_url is missing: where the keys are that sign")
        for where in self.public_key_url:
            if "://" in where and not where.startswith(("https://", "http://", "file://")):
                raise ValueError(f"'{where}' is neither an https address nor a file")
        return self


class JwtAuth(Strict):
    """How claims become a user, a team, an organization and a role. Names of claims may be paths: `realm_access.roles`.

    LiteLLM's names. What would let anybody in or make anything is off by default, also where LiteLLM has it on.
    """

    issuers: list[Issuer] = Field(
        default_factory=list, max_length=20, description="several providers, each with its own keys"
    )
    user_id_jwt_field: Claim = Field(default="sub", description="the person's id, here or at the provider")
    user_email_jwt_field: Claim = Field(default="", description="the person's address; not one that is unverified")
    user_allowed_email_domain: str = Field(default="", max_length=255, description="the only domain of addresses")
    user_id_upsert: bool = Field(default=False, description="make a person who is not known, as an internal user")
    user_roles_jwt_field: Claim = Field(default="", description="with user_allowed_roles: who may come at all")
    user_allowed_roles: Names = Field(default_factory=list, description="of which the token must hold one")
    team_id_jwt_field: Claim = Field(default="", description="the team's id")
    team_ids_jwt_field: Claim = Field(default="", description="ids of teams, of which the caller chooses one")
    team_alias_jwt_field: Claim = Field(
        default="", description="the team's name, within the organization if it is told"
    )
    team_id_default: str = Field(default="", max_length=255, description="the team of tokens that name none")
    team_id_upsert: bool = Field(default=False, description="make a team that is not known")
    team_allowed_routes: Routes = Field(
        default_factory=lambda: ["llm_api_routes", "info_routes"], description="what a token of a team may call"
    )
    org_id_jwt_field: Claim = Field(default="", description="the organization's id")
    org_alias_jwt_field: Claim = Field(default="", description="the organization's name")
    end_user_id_jwt_field: Claim = Field(default="", description="the customer on whose behalf the call is")
    object_id_jwt_field: Claim = Field(default="", description="an id of a user or team, as the mapped role says")
    admin_jwt_scope: str = Field(default="", max_length=255, description="the scope that makes a platform admin")
    admin_allowed_routes: Routes = Field(
        default_factory=lambda: ["management_routes", "info_routes"], description="what a token of an admin may call"
    )
    roles_jwt_field: Claim = Field(default="", description="the roles of the token")
    role_mappings: RoleMappings = Field(
        default_factory=list, validation_alias=AliasChoices("role_mappings", "jwt_litellm_role_map"),
        description="`role` (a pattern, but for proxy_admin) and `internal_role`",
    )  # fmt: skip
    sync_user_role_and_teams: bool = Field(default=False, description="give people what the claims say, on record")
    enforce_rbac: bool = Field(default=False, description="refuse tokens whose roles stand for nothing (403)")
    scope_mappings: list[ScopeMapping] = Field(
        default_factory=list, max_length=MOST, description="what each scope gives"
    )
    enforce_scope_based_access: bool = Field(default=False, description="only what scope_mappings give (403)")
    public_key_ttl: Annotated[int, Field(ge=10, le=86_400)] = Field(
        default=600, description="seconds that keys are fresh"
    )
    public_key_stale_ttl: Annotated[int, Field(ge=0, le=604_800)] = Field(
        default=3600, description="seconds that keys are used on while the provider is away; then 503"
    )
    leeway: Annotated[int, Field(ge=0, le=300)] = Field(default=60, description="seconds that clocks may differ")

    @model_validator(mode="after")
    def fits_together(self) -> "JwtAuth":
        if bool(self.user_roles_jwt_field) != bool(self.user_allowed_roles):
            raise ValueError("user_roles_jwt_field and user_allowed_roles go together")
        if self.role_mappings and not self.roles_jwt_field:
            raise ValueError("role_mappings need roles_jwt_field: the claim that holds the roles")
        if self.object_id_jwt_field and not self.role_mappings:
            raise ValueError("object_id_jwt_field needs role_mappings, which say what the object is")
        if self.enforce_scope_based_access and not self.scope_mappings:
            raise ValueError("enforce_scope_based_access without scope_mappings would refuse everything")
        if self.user_id_upsert and self.user_email_jwt_field and not self.user_allowed_email_domain:
            raise ValueError("user_id_upsert with user_email_jwt_field needs user_allowed_email_domain")
        return self
