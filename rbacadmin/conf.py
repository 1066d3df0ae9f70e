"""Everything that the environment may say, typed, in one place.

`DATABASE_URL`, `REDIS_URL`, `HOST` and `PORT` keep the names that every host uses; the rest is `RBACADMIN_*`.
Secrets that nobody set are made once and kept in `var/secrets.json`, readable by the owner only.
"""

import fcntl
import json
import os
import secrets
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

BASE_DIR = Path(__file__).resolve().parent.parent

# Keys that stand in documentation. Anyone who reads the seeds knows them.
SAMPLE_KEYS = frozenset({"sk-1234", "sk-12345", "sk-123456", "sk-test", "sk-admin", "sk-master-key"})

# One secret per purpose: a value that leaks from one use opens nothing else.
SECRET_NAMES = ("secret_key", "key_pepper", "credential_key")


PlatformRole = Literal["proxy_admin", "proxy_admin_viewer", "internal_user", "internal_user_viewer"]


class RoleMapping(BaseModel):
    """Which claim of single sign-on holds groups, and what each brings. Platform roles are named, never a default."""

    model_config = ConfigDict(extra="forbid")

    claim: str = Field(min_length=1)
    roles: dict[str, PlatformRole]
    default: Literal["internal_user", "internal_user_viewer"] | None = None


class TeamMapping(BaseModel):
    """Which claim of single sign-on holds the ids of teams."""

    model_config = ConfigDict(extra="forbid")

    claim: str = Field(min_length=1)


def structured(value: Any) -> Any:
    """What a text of JSON or YAML says; nothing for an empty one."""
    return (yaml.safe_load(value) or None) if isinstance(value, str) else value


Structured = (NoDecode, BeforeValidator(structured))


class Conf(BaseSettings):
    """The settings in force. Field order is the order of the configuration reference."""

    model_config = SettingsConfigDict(env_prefix="RBACADMIN_", extra="ignore", populate_by_name=True)

    host: str = Field(
        default="127.0.0.1", validation_alias=AliasChoices("RBACADMIN_HOST", "HOST"), description="address to bind"
    )
    port: int = Field(
        default=8000,
        validation_alias=AliasChoices("RBACADMIN_PORT", "PORT"),
        description="port to bind",
        ge=1,
        le=65535,
    )
    database_url: str = Field(
        default="", validation_alias="DATABASE_URL", description="PostgreSQL URL; empty means embedded SQLite"
    )
    redis_url: str = Field(
        default="", validation_alias="REDIS_URL", description="shared counters for several processes"
    )
    var_dir: Path = Field(default=BASE_DIR / "var", description="where the embedded database and the secrets live")
    production: bool | None = Field(
        default=None, description="strict start; default: on unless the server binds a loopback address"
    )
    debug: bool = Field(default=False, description="Django's debug pages; never in production")
    allowed_hosts: list[str] = Field(default_factory=list, description="host names that the server answers to")
    trusted_origins: list[str] = Field(default_factory=list, description="origins that may post forms, with scheme")
    trusted_proxies: int = Field(default=0, ge=0, le=10, description="how many proxies in front set X-Forwarded-For")
    https: bool | None = Field(default=None, description="cookies for https only; default: on in production")
    master_key: str = Field(default="", description="a bearer token that acts as proxy admin without a user row")
    secret_key: str = Field(default="", description="signs sessions and links")
    key_pepper: str = Field(default="", description="keys the stored hash of virtual keys")
    credential_key: str = Field(default="", description="encrypts provider credentials at rest")
    previous_credential_keys: list[str] = Field(
        default_factory=list, description="still open provider credentials that an earlier credential_key encrypted"
    )
    admin_email: str = Field(
        default="admin@example.com", description="the first administrator, made at the first start"
    )
    initial_organization: str = Field(default="default", description="name of the organization made at the first start")
    initial_project: str = Field(default="default", description="name of the project made at the first start")
    available_teams: list[str] = Field(
        default_factory=list, description="ids of teams that people of their organization join by themselves"
    )
    team_admin_editable_team_fields: list[Literal["raise_max_budget"]] = Field(
        default_factory=list, description="what team admins may do beyond their role: raise_max_budget"
    )
    add_creator_to_teams: bool | None = Field(
        default=None, description="whether /team/new makes its caller an admin of the team, as LiteLLM does"
    )
    email_url: str = Field(
        default="",
        description="smtp://, smtp+tls:// or smtps:// with user:password@host:port; empty prints mail to the log",
    )
    public_url: str = Field(
        default="", description="where people reach this server, for links in mail; default: http:// host and port"
    )
    email_from: str = Field(default="rbacadmin <noreply@localhost>", description="sender of invitations and resets")
    oidc_issuer: str = Field(
        default="", description="single sign-on: the issuer's address, as its discovery document names it"
    )
    oidc_client_id: str = Field(default="", description="single sign-on: the id of this client")
    oidc_client_secret: str = Field(default="", description="single sign-on: the secret of this client")
    oidc_name: str = Field(default="single sign-on", description="single sign-on: the words on its button")
    role_mapping: Annotated[RoleMapping | None, *Structured] = Field(
        default=None,
        description='platform roles by a claim, JSON or YAML: `{"claim": "groups", "roles": {"llm-admins": '
        '"proxy_admin"}, "default": "internal_user"}`; applied at each sign-in',
    )
    team_mapping: Annotated[TeamMapping | None, *Structured] = Field(
        default=None,
        description='teams by a claim that holds their ids, JSON or YAML: `{"claim": "teams"}`; applied at each '
        "sign-in, and ends only what it began",
    )
    budget_exceeded_status: Literal[400, 402, 403, 422, 429] = Field(
        default=422, description="status of a call whose budget is spent; older clients of LiteLLM look for 400 or 429"
    )
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")

    def model_post_init(self, _context: Any) -> None:
        if self.production is None:
            self.production = not is_loopback(self.host)
        if self.https is None:
            self.https = self.production

    @model_validator(mode="after")
    def single_sign_on_is_whole(self) -> "Conf":
        if bool(self.oidc_issuer) != bool(self.oidc_client_id):
            raise ValueError("RBACADMIN_OIDC_ISSUER and RBACADMIN_OIDC_CLIENT_ID go together.")
        if self.oidc_issuer and not (self.oidc_issuer.startswith("https://") or not self.production):
            raise ValueError("RBACADMIN_OIDC_ISSUER must begin with https:// in production.")
        return self

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


def names_of(field: str) -> list[str]:
    """The environment variables that set a field, the plainest last."""
    alias = Conf.model_fields[field].validation_alias
    if isinstance(alias, AliasChoices):
        return [str(choice) for choice in alias.choices]
    return [str(alias)] if alias else [f"RBACADMIN_{field.upper()}"]


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server bound to `host`."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def stored_secrets(var_dir: Path) -> dict[str, str]:
    """Read the secrets file, adding what is missing. Two processes that start together agree: the file is locked."""
    var_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(var_dir / "secrets.json", os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        text = file.read()
        stored: dict[str, str] = json.loads(text) if text else {}
        added = {name: secrets.token_urlsafe(48) for name in SECRET_NAMES if name not in stored}
        if added:
            stored |= added
            file.seek(0)
            file.truncate()
            json.dump(stored, file, indent=2)
    return stored


conf = Conf().with_secrets()
