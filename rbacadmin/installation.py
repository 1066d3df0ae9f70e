"""What the environment may say of an installation: addresses, secrets, mail, the first rows and single sign-on.

These come first in the configuration reference; `rbacadmin/conf.py` goes on from here.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, model_validator
from pydantic_settings import BaseSettings

BASE_DIR = Path(__file__).resolve().parent.parent
# Of a clone. What is installed writes nothing beside its packages.
VAR = (BASE_DIR if (BASE_DIR / "manage.py").is_file() else Path.cwd()) / "var"
OneOrMore = Annotated[int, Field(ge=1, le=1000)]


class Installation(BaseSettings):
    """Where it runs, with what secrets, and who signs in how."""

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
    redis_url: str = Field(default="", validation_alias="REDIS_URL", description="shared counters of several processes")
    listen_url: str = Field(default="", description="PostgreSQL URL for notifications, past a pooler such as pgbouncer")
    processes: OneOrMore = Field(default=1, description="how many serve: without REDIS_URL each has its part of limits")
    request_threads: int = Field(
        default=64, ge=0, le=1000, description="requests at a time, decisions aside; 0: the server has threads for that"
    )
    var_dir: Path = Field(default=VAR, description="where the embedded database and the secrets live")
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
    taken_over_keys: bool = Field(
        default=False, description="whether keys that `import_litellm` took over open anything, under their old secret"
    )
    credential_key: str = Field(default="", description="encrypts provider credentials at rest")
    previous_credential_keys: list[str] = Field(
        default_factory=list, description="still open provider credentials that an earlier credential_key encrypted"
    )
    admin_email: str = Field(
        default="admin@example.com", description="the first administrator, made at the first start"
    )
    initial_organization: str = Field(default="default", description="name of the organization made at the first start")
    initial_project: str = Field(default="default", description="name of the project made at the first start")
    instance_name: str = Field(
        default="litellm-example", description="manifests: name of the LiteLLMInstance that is this server"
    )
    instance_namespace: str = Field(
        default="litellm", description="manifests: its namespace, and that of all rows which nobody declared elsewhere"
    )
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

    @model_validator(mode="after")
    def single_sign_on_is_whole(self) -> "Installation":
        if bool(self.oidc_issuer) != bool(self.oidc_client_id):
            raise ValueError("RBACADMIN_OIDC_ISSUER and RBACADMIN_OIDC_CLIENT_ID go together.")
        if self.oidc_issuer and not (self.oidc_issuer.startswith("https://") or not self.production):
            raise ValueError("RBACADMIN_OIDC_ISSUER must begin with https:// in production.")
        return self
