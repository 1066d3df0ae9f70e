"""What of the matrix is not tried yet."""

from rbacadmin.policy import matrix
from tests.matrix.pending import AT_MOST, PENDING, PENDING_PARTS
from tests.matrix.table import CALLS, ELSEWHERE
from tests.world import PERSONAS


def test_every_row_is_tried_or_pending() -> None:
    tried = {*CALLS, *ELSEWHERE}
    assert tried.isdisjoint(PENDING), "tried rows are pending no longer: take them off the list"
    assert sorted([*tried, *PENDING]) == sorted(row.id for row in matrix.rows())


def test_the_list_of_pending_rows_only_gets_shorter() -> None:
    assert len(PENDING) == len(set(PENDING)) == AT_MOST
    assert set(PENDING_PARTS) <= set(CALLS)


def test_the_cast_plays_every_persona() -> None:
    assert tuple(PERSONAS) == matrix.PERSONAS
