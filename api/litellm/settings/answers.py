"""What the settings routes answer."""

from typing import Any

from api.types import Response


class SettingRow(Response):
    """One setting. `source` says who decides it: default, file, environment, or whoever changed it here."""

    name: str
    value: Any = None
    source: str
    editable: bool
    description: str


class Settings(Response):
    settings: list[SettingRow]


class JobsRun(Response):
    """How many rows each job took up."""

    jobs: dict[str, int]
