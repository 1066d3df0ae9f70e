"""Every cell of the authorization matrix over HTTP: own, sibling and foreign object."""

from typing import Any

import pytest

from rbacadmin.policy.matrix import Row
from tests.matrix import table
from tests.matrix.calls import Cell
from tests.matrix.judging import judge
from tests.world import World

CELLS = [pytest.param(row, persona, id=f"{row.id}-{persona}-{row.cells[persona]}") for row, persona in table.cells()]
# What lies beyond their scope is tried as everybody on SQLite, and as these on PostgreSQL too.
ON_BOTH = ("proxy_admin", "org_admin", "team_admin", "other_org_admin")


def beyond(where: str) -> list[Any]:
    return [
        pytest.param(
            row, persona, id=f"{row.id}-{persona}-{where}", marks=() if persona in ON_BOTH else pytest.mark.sqlite
        )
        for row, persona in table.beyond(where)
    ]


SIBLINGS, FOREIGN = beyond("sibling"), beyond("foreign")


@pytest.mark.parametrize(("row", "persona"), CELLS)
def test_cell(world: World, row: Row, persona: str) -> None:
    tried = 0
    for call in table.CALLS[row.id]:
        if persona in call.only:
            cell = Cell(world, persona).named(call.own(world, persona), "own")
            judge(call, cell, call.status(row.cells, persona))
            tried += 1
    assert tried, "no call for this persona"


@pytest.mark.parametrize(("row", "persona"), SIBLINGS)
def test_sibling(world: World, row: Row, persona: str) -> None:
    for call in table.CALLS[row.id]:
        if call.sibling and persona in call.only:
            cell = Cell(world, persona).named(call.sibling(world), "sibling")
            judge(call, cell, call.status_beyond(row.cells, persona, "sibling"))


@pytest.mark.parametrize(("row", "persona"), FOREIGN)
def test_foreign(world: World, row: Row, persona: str) -> None:
    for call in table.CALLS[row.id]:
        if call.foreign and persona in call.only:
            cell = Cell(world, persona).named(call.foreign(world), "foreign")
            judge(call, cell, call.status_beyond(row.cells, persona, "foreign"))
