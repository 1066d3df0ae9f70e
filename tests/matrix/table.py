"""All rows that have calls, from the files by area."""

from collections.abc import Iterator

from rbacadmin.policy.matrix import PERSONAS, Row
from rbacadmin.policy.matrix import table as matrix
from tests.matrix import (
    accounts,
    audit,
    catalog,
    changes,
    invitations,
    key_changes,
    key_scopes,
    keys,
    members,
    moves,
    organizations,
    people,
    projects,
    settings,
    spend,
    teams,
)
from tests.matrix.calls import Call

AREAS = (
    *(organizations, changes, projects, teams, members, keys, key_changes, key_scopes, moves, people),
    *(audit, accounts, spend, catalog, invitations, settings),
)
CALLS: dict[str, tuple[Call, ...]] = {name: calls for area in AREAS for name, calls in area.ROWS.items()}
# Rows that are tried in a file of their own, because they are no calls with a key.
ELSEWHERE = {"LOG-01": "test_sign_in.py", "VAS-01": "test_view_as.py"}


def cells() -> Iterator[tuple[Row, str]]:
    """Every cell that can be tried: row and persona."""
    for name in CALLS:
        for persona in PERSONAS:
            yield matrix()[name], persona


def beyond(where: str) -> Iterator[tuple[Row, str]]:
    """The cells of the rows that can be tried on objects beyond the persona's scope."""
    for row, persona in cells():
        if any(getattr(call, where) for call in CALLS[row.id]):
            yield row, persona
