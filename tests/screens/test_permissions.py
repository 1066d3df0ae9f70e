"""The permission page: the matrix of the tests, with the reader's own columns marked."""

from collections.abc import Callable

import pytest
from django.test import Client

from rbacadmin.policy import matrix, personas
from tests.world import PERSONAS, World

Browser = Callable[[str], Client]


@pytest.mark.parametrize("persona", [name for name in PERSONAS if name not in ("anonymous", "other_org_admin")])
def test_everybody_finds_the_columns_that_they_play(cast: World, persona: str) -> None:
    found = personas.played(cast.actor(str(PERSONAS[persona])))
    assert persona in found
    beside = {"team_member_granted": {"team_member"}}.get(persona, set())
    assert found - {persona} - beside <= {"org_reader"}, "who is in a team is in its organization"


def test_the_page_holds_every_cell(cast: World, browser_of: Browser) -> None:
    answer = browser_of("team_admin").get("/ui/access/permissions/")
    rows = [one for area in answer.context["areas"] for one in area["rows"]]
    assert [one.row.id for one in rows] == [row.id for row in matrix.rows()]
    assert all([cell.answer for cell in one.cells] == [*one.row.cells.values()] for one in rows)
    assert answer.context["mine"] == ["Organization reader", "Team admin"]


def test_the_best_of_ones_columns_is_ones_answer(cast: World, browser_of: Browser) -> None:
    answer = browser_of("team_admin").get("/ui/access/permissions/")
    mine = {one.row.id: one.answer for area in answer.context["areas"] for one in area["rows"]}
    assert (mine["AUD-03"], mine["AUD-01"], mine["SET-01"]) == ("allow", "own", "deny")


def test_every_column_has_a_name() -> None:
    assert tuple(personas.LABELS) == matrix.PERSONAS
