"""Rows of the matrix as people read them."""

from collections.abc import Collection
from dataclasses import dataclass

from rbacadmin.policy import personas
from rbacadmin.policy.matrix import CELLS, PERSONAS, Row


@dataclass(frozen=True)
class Cell:
    """What one kind of person may do: `allow`, `own` or `deny`, and whether the reader is one of them."""

    label: str
    answer: str
    mine: bool


@dataclass(frozen=True)
class Shown:
    """One operation. `answer` is the best that the reader's own columns say."""

    row: Row
    cells: list[Cell]
    answer: str


def shown(row: Row, mine: Collection[str]) -> Shown:
    """A row with the reader's own columns marked. Roles add up, so the most that one of them says holds."""
    cells = [Cell(personas.LABELS[name], row.cells[name], name in mine) for name in PERSONAS]
    return Shown(row, cells, min((row.cells[name] for name in mine), key=CELLS.index, default="deny"))
