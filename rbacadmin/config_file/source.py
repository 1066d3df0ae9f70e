"""The file as a source of typed settings, below the environment; and mistakes of both in plain words."""

import os
from typing import Annotated, Any

from pydantic import AliasChoices, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from rbacadmin.config_file.reading import At, ConfigFile, read

FILE = "RBACADMIN_CONFIG"
# What is needed before the file is read, by this process or by the server around it; and what has a place of its own.
ELSEWHERE = ("config", "host", "port", "model_list")

Shape = type[BaseSettings]


class FileSettings(PydanticBaseSettingsSource):
    """What the configuration file says and the environment does not. Raises Mistakes."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return None, field_name, False  # all fields come at once, from the call

    def __call__(self) -> dict[str, Any]:
        found = read_file(self.settings_cls)
        said = found.values if found else {}
        return {name: value for name, value in said.items() if not in_environment(self.settings_cls, name)}


def read_file(shape: Shape) -> ConfigFile | None:
    """The file that the environment names, checked setting by setting. Raises Mistakes."""
    path = os.environ.get(FILE, "")
    if not path:
        return None

    def check(name: str, value: Any) -> list[tuple[At, str]]:
        field = shape.model_fields[name]
        try:
            shape_of: Any = Annotated[field.annotation, name, *field.metadata]  # the name: there must be one at least
            TypeAdapter(shape_of).validate_python(value)
        except ValidationError as error:
            return [(found["loc"], plain_words(found["msg"])) for found in error.errors(include_input=False)]
        return []

    return read(path, {name: name for name in shape.model_fields if name not in ELSEWHERE}, check)


def plain_words(message: str) -> str:
    return message.removeprefix("Value error, ").rstrip(".") + "."


def names_of(shape: Shape, field: str) -> list[str]:
    """The environment variables that set a field, the plainest last."""
    alias = shape.model_fields[field].validation_alias
    if isinstance(alias, AliasChoices):
        return [str(choice) for choice in alias.choices]
    return [str(alias)] if alias else [f"RBACADMIN_{field.upper()}"]


def in_environment(shape: Shape, field: str) -> str:
    """The variable of the environment that sets a field, in any case of the letters; empty when there is none."""
    names = [name.upper() for name in names_of(shape, field)]
    return next((name for name in os.environ if name.upper() in names), "")


def explained(shape: Shape, error: ValidationError) -> str:
    """What is wrong with the settings as a whole, a line each: the variable, or the file and line that says so."""
    found, lines = read_file(shape), []
    for one in error.errors(include_input=False):
        words = plain_words(one["msg"])
        field = field_of(shape, str(one["loc"][0]) if one["loc"] else words.split(":")[0])
        if field and found is not None and field in found.values and not in_environment(shape, field):
            lines.append(f"{found.where(field, *one['loc'][1:])}: {words}")
        elif field and one["loc"]:
            at = "".join(f".{step}" for step in one["loc"][1:])
            lines.append(f"{in_environment(shape, field) or names_of(shape, field)[-1]}{at}: {words}")
        else:
            lines.append(words)
    return "\n".join(lines)


def field_of(shape: Shape, name: str) -> str:
    """The setting that a place in an error names, by its own name or a variable's."""
    return next((field for field in shape.model_fields if name in (field, *names_of(shape, field))), "")
