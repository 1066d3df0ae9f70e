"""All rows that have calls, from the files by area."""

from tests.matrix import (
    accounts,
    audit,
    budgets,
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
    sharing,
    spend,
    teams,
)
from tests.matrix.calls import Call

AREAS = (
    *(organizations, changes, projects, teams, sharing, members, keys, key_changes, key_scopes, moves, people),
    *(audit, accounts, spend, catalog, budgets, invitations, settings),
)
CALLS: dict[str, tuple[Call, ...]] = {name: calls for area in AREAS for name, calls in area.ROWS.items()}
# Rows that are tried in a file of their own, because they are no calls with a key.
ELSEWHERE = {"LOG-01": "test_sign_in.py", "VAS-01": "test_view_as.py", "SHR-05": "test_dashboard.py"}
