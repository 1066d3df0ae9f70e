"""The configuration reference, from the typed settings themselves."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from rbacadmin.conf import Conf, names_of
from rbacadmin.config_file import shapes, tokens
from rbacadmin.config_file.source import ELSEWHERE
from rbacadmin.made_secrets import SECRET_NAMES

ENTRIES: dict[str, tuple[type[BaseModel], str]] = {
    "role_permissions": (shapes.RolePermission, "a list; each entry"),
    "default_team_settings": (shapes.TeamDefaults, "a mapping, or a list of one"),
    "default_internal_user_params": (shapes.UserDefaults, "a mapping"),
    "default_key_generate_params": (shapes.KeyDefaults, "a mapping"),
    "upperbound_key_generate_params": (shapes.UpperBounds, "a mapping"),
    "model_list": (shapes.ModelEntry, "a list beside the sections; each entry"),
    "litellm_jwtauth": (tokens.JwtAuth, "a mapping"),
    "litellm_jwtauth.issuers": (tokens.Issuer, "a list; each entry"),
    "litellm_jwtauth.role_mappings": (tokens.RoleMapping, "a list; each entry"),
    "litellm_jwtauth.scope_mappings": (tokens.ScopeMapping, "a list; each entry"),
}


def page(note: str) -> str:
    """The whole page; `note` says that it is written by a command."""
    lines = [
        "# Configuration\n",
        note,
        "Every setting is optional. The environment decides, then the configuration file, then the default;",
        "`manage.py show_config` and *Settings* show each value with its source.\n",
        "## Environment\n",
        "| variable | default | what it says |",
        "|---|---|---|",
    ]
    for name, field in Conf.model_fields.items():
        default = (
            "made at the first start" if name in SECRET_NAMES else shown(field.get_default(call_default_factory=True))
        )
        lines.append(f"| {', '.join(f'`{choice}`' for choice in names_of(name))} | {default} | {field.description} |")
    return "\n".join([*lines, "", *file()]) + "\n"


def file() -> list[str]:
    """What stands in the file besides."""
    without = ", ".join(f"`{name}`" for name in ELSEWHERE if name != "model_list")
    lines = [
        "## Configuration file\n",
        "`RBACADMIN_CONFIG` names a YAML file in the shape of LiteLLM's: `general_settings`, `litellm_settings` and",
        "`model_list`. In either section stands every setting of the table above under its own name, in lower case",
        f"and without the prefix (`RBACADMIN_LOG_LEVEL` is `log_level`), but {without}. A text that begins with",
        "`os.environ/` is the value of that variable. Unknown names, names that stand twice, values that do not fit",
        "and variables that are not there stop every start and every command, all of them at once, each with its",
        "file and line. What a setting of several parts holds:\n",
    ]
    for name, (shape, kind) in ENTRIES.items():
        lines += [f"### `{name}`\n", f"{kind.capitalize()}:\n", "| name | default | what it says |", "|---|---|---|"]
        for field_name, field in shape.model_fields.items():
            default = "" if field.is_required() else shown(field.get_default(call_default_factory=True))
            lines.append(f"| `{field_name}` | {default} | {field.description or ''} |")
        lines.append("")
    return lines[:-1]


def shown(value: Any) -> str:
    if isinstance(value, Path):
        return f"`{value.name}/` beside the code"
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return ", ".join(f"`{one}`" for one in value)
    return f"`{value}`" if value not in ("", None, [], {}, PydanticUndefined) else ""
