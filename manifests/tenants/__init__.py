"""Templates that come along: files of manifests with `${settings}`, for what tenants usually begin with."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Template:
    """A file of manifests. Its first line says what it is for."""

    name: str
    description: str
    content: str


@cache
def shipped() -> tuple[Template, ...]:
    """All of them, by name."""
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        content = path.read_text()
        found.append(Template(path.stem, content.splitlines()[0].lstrip("# "), content))
    return tuple(found)
