"""The matrix through the doors of OpenAI's administration API and of LLMariner: the same cells, the same record."""

import pytest

from rbacadmin.policy.matrix import PERSONAS
from rbacadmin.policy.matrix import table as matrix
from tests.matrix.calls import Cell
from tests.matrix.doors import DOORS
from tests.matrix.judging import Nothings, judge
from tests.matrix.test_cells import aim
from tests.support.cells import cells
from tests.world import World

pytestmark = pytest.mark.sqlite  # the services beneath are tried on both, in test_cells
NEXT_DOOR = ("org_admin", "project_owner", "other_org_admin")  # who tries the other organization's, too


@pytest.mark.parametrize(("door", "name"), [(door, name) for door, rows in DOORS.items() for name in rows])
def test_row(world: World, door: str, name: str) -> None:
    row, nothings = matrix()[name], Nothings()
    with cells() as tried:
        for call in DOORS[door][name]:
            for persona in PERSONAS:
                for where in ("own", "foreign") if persona in NEXT_DOOR and call.foreign else ("own",):
                    with tried.cell(f"{persona} ({row.cells[persona]}), {where} object, {call.path}"):
                        target, status = aim(row, call, world, persona, where)
                        judge(call, Cell(world, persona).named(target, where), status, nothings)
