"""Everything that the environment and the configuration file may say, typed, in one place.

The environment comes first, then the file that `RBACADMIN_CONFIG` names, then the default.
`DATABASE_URL`, `REDIS_URL`, `HOST` and `PORT` keep the names that every host uses; the rest is `RBACADMIN_*`.
Secrets that nobody set are made once and kept in `var/secrets.json`, readable by the owner only.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, BeforeValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from rbacadmin.config_file import ConfigFile, Mistakes, shapes, source
from rbacadmin.config_file.tokens import CommaAlgorithms, CommaNames, Issuer, JwtAuth, is_loopback, usual
from rbacadmin.installation import BASE_DIR as BASE_DIR
from rbacadmin.installation import Installation
from rbacadmin.made_secrets import SECRET_NAMES, stored_secrets

# Keys that stand in documentation. Anyone who reads the seeds knows them.
SAMPLE_KEYS = frozenset({"sk-1234", "sk-12345", "sk-123456", "sk-test", "sk-admin", "sk-master-key"})


Structured = (NoDecode, BeforeValidator(shapes.structured))
Percent = Annotated[int, Field(ge=1, le=100)]
Tokens = Annotated[int, Field(ge=0, le=10_000_000)]


class Conf(Installation):
    """The settings in force. Field order is the order of the configuration reference."""

    model_config = SettingsConfigDict(env_prefix="RBACADMIN_", extra="ignore", populate_by_name=True)

    role_mapping: Annotated[shapes.RoleMapping | None, *Structured] = Field(
        default=None,
        description='platform roles by a claim, JSON or YAML: `{"claim": "groups", "roles": {"llm-admins": '
        '"proxy_admin"}, "default": "internal_user"}`; applied at each sign-in',
    )
    team_mapping: Annotated[shapes.TeamMapping | None, *Structured] = Field(
        default=None,
        description='teams by a claim that holds their ids, JSON or YAML: `{"claim": "teams"}`; applied at each '
        "sign-in, and ends only what it began",
    )
    budget_exceeded_status: Literal[400, 402, 403, 422, 429] = Field(
        default=422, description="status of a call whose budget is spent; older clients of LiteLLM look for 400 or 429"
    )
    estimated_prompt_tokens: Tokens = Field(default=1000, description="of a call that forward auth cannot read")
    estimated_completion_tokens: Tokens = Field(
        default=1000, description="reserved for an answer without a known maximum"
    )
    model_routes: list[str] = Field(
        default_factory=list, description="paths besides the usual ones that call models; `*` may stand at the end"
    )
    share_of_a_key: Percent = Field(
        default=50, description="percent of a process's running calls that one key may have"
    )
    share_of_an_organization: Percent = Field(default=75, description="percent of them that one organization may have")
    forward_auth_seconds: int = Field(
        default=120, ge=1, le=600, description="that a call through a proxy holds what it reserved, until it is settled"
    )
    forward_auth_calls: int = Field(
        default=20_000, ge=1, le=100_000, description="calls through a proxy that one key may have open in a process"
    )
    highest_price_per_token: Decimal = Field(
        default=Decimal("0.01"),
        gt=0,
        le=1,
        description="dollars: the most that a model may cost a token",
    )
    most_names_a_day: int = Field(
        default=10_000, ge=0, le=1_000_000, description="tags, and end users, that an organization has counted by name"
    )
    most_models_a_day: int = Field(
        default=1000, ge=0, le=1_000_000, description="models of wildcards that an organization has counted by name"
    )
    refusals_kept_days: int = Field(default=90, ge=1, le=3650, description="days that counts of refusals are kept for")
    terminal_days: int = Field(default=30, ge=1, le=365, description="days that a sign-in from a terminal lasts")
    usage_kept_days: int = Field(default=90, ge=31, le=3650, description="days that `run_maintenance` keeps calls for")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")
    config: str = Field(default="", description="the configuration file, YAML as LiteLLM writes it")
    role_permissions: Annotated[shapes.RolePermissions, *Structured] = Field(
        default_factory=list, description="what each role may call, and its default limits; narrows, never widens"
    )
    default_team_settings: Annotated[
        shapes.TeamDefaults | None, NoDecode, BeforeValidator(shapes.first), BeforeValidator(shapes.structured)
    ] = Field(default=None, description="what a new team has where its creator says nothing")
    default_internal_user_params: Annotated[shapes.UserDefaults | None, *Structured] = Field(
        default=None, description="what a new person has where their creator says nothing"
    )
    default_key_generate_params: Annotated[shapes.KeyDefaults | None, *Structured] = Field(
        default=None, description="what a new key has where its creator says nothing"
    )
    upperbound_key_generate_params: Annotated[shapes.UpperBounds | None, *Structured] = Field(
        default=None, description="the most that a key may have, whoever makes it"
    )
    store_model_in_db: bool = Field(
        default=True,
        validation_alias=AliasChoices("RBACADMIN_STORE_MODEL_IN_DB", "STORE_MODEL_IN_DB"),
        description="whether models are made at run time; false leaves those of the configuration file",
    )
    model_list: Annotated[shapes.ModelList, *Structured] = Field(
        default_factory=list, description="the platform's models that stand in the configuration file"
    )
    enable_jwt_auth: bool = Field(default=False, description="whether JSON web tokens are accepted")
    jwt_issuer: str = Field(
        default="",
        validation_alias=AliasChoices("RBACADMIN_JWT_ISSUER", "JWT_ISSUER"),
        description="tokens: their `iss`, to the letter",
    )
    jwt_audience: Annotated[CommaNames, NoDecode] = Field(
        default_factory=list,
        validation_alias=AliasChoices("RBACADMIN_JWT_AUDIENCE", "JWT_AUDIENCE"),
        description="tokens: their `aud`; several with commas",
    )
    jwt_public_key_url: Annotated[CommaNames, NoDecode] = Field(
        default_factory=list,
        validation_alias=AliasChoices("RBACADMIN_JWT_PUBLIC_KEY_URL", "JWT_PUBLIC_KEY_URL"),
        description="tokens: https addresses or files of the keys that sign (JWKS); several with commas",
    )
    jwt_algorithms: Annotated[CommaAlgorithms, NoDecode] = Field(
        default_factory=usual,
        description="tokens: how they may be signed; HS256 needs jwt_secret",
    )
    jwt_secret: str = Field(
        default="", description="tokens: the shared secret of HS256 to HS512, which are off without"
    )
    jwt_allow_private_keys_host: bool = Field(
        default=False, description="tokens: whether the keys may be at an address inside the network"
    )
    litellm_jwtauth: Annotated[JwtAuth | None, *Structured] = Field(
        default=None, description="how claims become a user, a team, an organization and a role"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, source.FileSettings(settings_cls)

    def model_post_init(self, _context: Any) -> None:
        if self.production is None:
            self.production = not is_loopback(self.host)
        if self.https is None:
            self.https = self.production

    @model_validator(mode="after")
    def tokens_can_be_verified(self) -> "Conf":
        if self.jwt_issuer or self.jwt_audience or self.jwt_public_key_url:
            try:
                self.own_issuer()
            except ValidationError as error:
                at = ".".join(map(str, error.errors()[0]["loc"]))
                raise ValueError(f"jwt_{at or 'issuer'}: {error.errors()[0]['msg']}") from None
        if self.enable_jwt_auth and not self.issuers:
            raise ValueError("enable_jwt_auth: needs jwt_issuer, jwt_audience and jwt_public_key_url")
        names = [one.issuer for one in self.issuers]
        if len(set(names)) != len(names):
            raise ValueError("litellm_jwtauth: an issuer stands there twice")
        for where in (url for one in self.issuers for url in one.public_key_url):
            if where.startswith("http://") and (self.production or not is_loopback(urlsplit(where).hostname or "")):
                raise ValueError(f"jwt_public_key_url: {where} must begin with https://")
        return self

    @model_validator(mode="after")
    def claims_have_one_mapping(self) -> "Conf":
        auth = self.litellm_jwtauth
        if auth and auth.role_mappings and self.role_mapping:
            raise ValueError(
                "role_mapping: roles are mapped by litellm_jwtauth.role_mappings already; keep one of them"
            )
        if auth and auth.team_ids_jwt_field and self.team_mapping:
            raise ValueError("team_mapping: teams are named by litellm_jwtauth.team_ids_jwt_field; keep one of them")
        return self

    @property
    def issuers(self) -> list[Issuer]:
        """Everybody whose tokens are believed."""
        own = [self.own_issuer()] if self.jwt_issuer else []
        return [*own, *(self.litellm_jwtauth.issuers if self.litellm_jwtauth else ())]

    def own_issuer(self) -> Issuer:
        """The one that the plain `jwt_*` settings describe. Raises ValidationError."""
        return Issuer(
            issuer=self.jwt_issuer,
            audience=self.jwt_audience,
            public_key_url=self.jwt_public_key_url,
            algorithms=self.jwt_algorithms,
            secret=self.jwt_secret,
        )

    @property
    def base_url(self) -> str:
        """What links begin with that leave the server without a request to look at."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def sample_master_key(self) -> bool:
        """Whether the master key is one that documentation prints."""
        return self.master_key in SAMPLE_KEYS or (0 < len(self.master_key) < 16)

    def with_secrets(self) -> "Conf":
        """Fill the secrets that the environment left open from the secrets file; made at the first call."""
        missing = [name for name in SECRET_NAMES if not getattr(self, name)]
        if missing:
            stored = stored_secrets(self.var_dir)
            return self.model_copy(update={name: stored[name] for name in missing})
        return self


def source_of(field: str) -> str:
    """Who decides a setting: `environment: NAME`, `file: PATH:LINE` or `default`."""
    if variable := source.in_environment(Conf, field):
        return f"environment: {variable}"
    if file is not None and field in file.values:
        return f"file: {file.where(field)}"
    return "default"


def file_place(field: str, *at: str | int) -> str:
    """Where an entry of a setting stands: `file:line`, or the variable."""
    if file is not None and field in file.values and not source.in_environment(Conf, field):
        return file.where(field, *at)
    return names_of(field)[-1] + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in at)


def names_of(field: str) -> list[str]:
    """The environment variables that set a field, the plainest last."""
    return source.names_of(Conf, field)


def started() -> tuple[Conf, ConfigFile | None]:
    """The settings of this process, and the file behind them.

    A mistake stops the process, whatever it is about to do: each is told with its file and line, or its variable.
    """
    try:
        return Conf().with_secrets(), source.read_file(Conf)
    except Mistakes as error:
        raise SystemExit(f"The configuration cannot be used:\n{error}") from None
    except ValidationError as error:
        raise SystemExit(f"The configuration cannot be used:\n{source.explained(Conf, error)}") from None


conf, file = started()
