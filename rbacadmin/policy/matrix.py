"""The authorization matrix: who may do what, as a table. Tests, documentation and the permission page read this one.

`matrix.csv` beside this file has one line per operation and one column per persona. A cell says `allow` (inside the
persona's own scope), `own` (only what is theirs) or `deny` (refused); outside of a persona's scope every cell reads
deny, except for the platform roles.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).with_name("matrix.csv")
PERSONAS = (
    *("proxy_admin", "proxy_admin_viewer", "org_admin", "org_reader", "team_admin", "team_member"),
    *("team_member_granted", "project_owner", "project_member", "internal_user_no_team", "internal_user_viewer"),
    *("anonymous", "other_org_admin"),
)
CELLS = ("allow", "own", "deny")


@dataclass(frozen=True)
class Row:
    """One operation. `field` is the part of the request that makes it this operation, when a route has several."""

    id: str
    area: str
    action: str
    method: str
    path: str
    field: str
    cells: Mapping[str, str]  # persona -> allow, own or deny
    source: str
    certainty: str
    note: str


def read(path: Path = SOURCE) -> list[Row]:
    """The rows of a matrix file, in its order. Raises ValueError when it is not what this page says."""
    with path.open(newline="", encoding="utf-8") as file:
        found = [row_of(line) for line in csv.DictReader(file, strict=True)]
    if len({row.id for row in found}) != len(found):
        raise ValueError("an id stands twice in the matrix")
    return found


def row_of(line: dict[str, str]) -> Row:
    cells = {persona: line.pop(persona) for persona in PERSONAS}
    if wrong := [f"{line['id']} {persona}: {cell!r}" for persona, cell in cells.items() if cell not in CELLS]:
        raise ValueError(f"cells that say neither {', '.join(CELLS)}: {', '.join(wrong)}")
    return Row(cells=cells, **line)


@cache
def table() -> Mapping[str, Row]:
    """The matrix by id."""
    return {row.id: row for row in read()}


def rows() -> list[Row]:
    """The matrix, in the order of the file."""
    return list(table().values())
