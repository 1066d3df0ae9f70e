"""The settings in force, each with where it comes from. Secrets are masked."""

import os
from typing import Any

from rbacadmin.conf import SECRET_NAMES, Conf, conf, names_of

MASKED = {
    *SECRET_NAMES,
    "master_key",
    "oidc_client_secret",
    "email_url",
    "database_url",
    "redis_url",
    "previous_credential_keys",
}


def in_force() -> list[dict[str, Any]]:
    """Every setting of the environment: `name`, `value`, `source` and `description`."""
    return [row(name) for name in Conf.model_fields]


def row(name: str) -> dict[str, Any]:
    """One setting: its variable, its value (masked) and its source."""
    value = getattr(conf, name)
    variables = names_of(name)
    source = next((f"environment: {variable}" for variable in variables if variable in os.environ), "default")
    if source == "default" and name in SECRET_NAMES:
        source = f"file: {conf.var_dir / 'secrets.json'}"
    shown = ("set" if value else "not set") if name in MASKED else value
    described = Conf.model_fields[name].description or ""
    return {"name": variables[-1], "value": shown, "source": source, "description": described}
