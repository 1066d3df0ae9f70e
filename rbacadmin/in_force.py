"""The settings in force, each with where it comes from. Secrets are masked."""

from typing import Any

from pydantic import BaseModel

from rbacadmin.conf import Conf, conf, names_of, source_of
from rbacadmin.made_secrets import SECRET_NAMES

MASKED = {
    *SECRET_NAMES,
    "master_key",
    "oidc_client_secret",
    "jwt_secret",
    "email_url",
    "database_url",
    "listen_url",
    "redis_url",
    "previous_credential_keys",
}


def in_force() -> list[dict[str, Any]]:
    """Every setting of environment and file: `name`, `value`, `source` and `description`."""
    return [row(name) for name in Conf.model_fields]


def row(name: str) -> dict[str, Any]:
    """One setting: its variable, its value (masked) and its source."""
    value = getattr(conf, name)
    source = source_of(name)
    if source == "default" and name in SECRET_NAMES:
        source = f"file: {conf.var_dir / 'secrets.json'}"
    shown = ("set" if value else "not set") if name in MASKED else plain(value)
    described = Conf.model_fields[name].description or ""
    return {"name": names_of(name)[-1], "value": shown, "source": source, "description": described}


def plain(value: Any) -> Any:
    """A value as JSON has it: what was said and no more. Of models only their names: their parameters hold secrets."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if not isinstance(value, BaseModel):
        return value
    said = value.model_dump(mode="json", exclude_unset=True)
    if "litellm_params" in said:
        return said["model_name"]
    return hidden(said)


def hidden(said: Any) -> Any:
    """The same without the secrets of issuers."""
    if isinstance(said, dict):
        return {name: "set" if name == "secret" and one else hidden(one) for name, one in said.items()}
    return [hidden(one) for one in said] if isinstance(said, list) else said
