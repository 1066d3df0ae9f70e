"""Every cell of the authorization matrix over HTTP: own, sibling and foreign object. One test for each row."""

from collections.abc import Iterator

import pytest
from django.db import connection

from rbacadmin.policy.matrix import PERSONAS, Row
from rbacadmin.policy.matrix import table as matrix
from tests.matrix import table
from tests.matrix.calls import Call, Cell
from tests.matrix.judging import Nothings, judge
from tests.support.cells import cells
from tests.world import World

# Everybody is tried on SQLite. PostgreSQL shows that its SQL says the same: who sees all, some, their own and nothing.
OWN_ON_POSTGRES = ("proxy_admin", "org_admin", "team_admin", "team_member", "project_owner", "other_org_admin")
BEYOND_ON_POSTGRES = ("org_admin", "other_org_admin")


@pytest.mark.parametrize("name", table.CALLS)
def test_row(world: World, name: str) -> None:
    """Everybody, on their own, on what is beside it and on what is next door."""
    row, nothings = matrix()[name], Nothings()
    with cells() as tried:
        for persona in PERSONAS if connection.vendor == "sqlite" else OWN_ON_POSTGRES:
            own = 0
            for number, call, where in asked(name, persona):
                with tried.cell(f"{persona} ({row.cells[persona]}), {where} object, call {number}"):
                    target, status = aim(row, call, world, persona, where)
                    judge(call, Cell(world, persona).named(target, where), status, nothings)
                own += where == "own"
            assert own, f"no call for {persona}"


def asked(name: str, persona: str) -> Iterator[tuple[int, Call, str]]:
    """The calls that this persona makes, and on which object."""
    everywhere = connection.vendor == "sqlite" or persona in BEYOND_ON_POSTGRES
    for number, call in enumerate(table.CALLS[name]):
        if persona in call.only:
            yield number, call, "own"
            for where in ("sibling", "foreign") if everywhere else ():
                if getattr(call, where):
                    yield number, call, where


def aim(row: Row, call: Call, world: World, persona: str, where: str) -> tuple[object, int]:
    """The object, and what it answers."""
    if where == "own":
        return call.own(world, persona), call.status(row.cells, persona)
    return getattr(call, where)(world), call.status_beyond(row.cells, persona, where)
