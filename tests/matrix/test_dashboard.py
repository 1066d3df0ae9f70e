"""The same rows through the other door: what the dashboard's own routes do already, with a browser session."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from rbacadmin.models import AuditEvent
from rbacadmin.policy.matrix import PERSONAS, Row, table
from teams.models import Membership, User
from tests.factories import TeamFactory, join
from tests.matrix import objects
from tests.matrix.calls import IN_TEAM, Cell
from tests.matrix.judging import undone
from tests.matrix.managed import changed, snapshot
from tests.world import World

pytestmark = pytest.mark.sqlite

Form = tuple[str, dict[str, str]]


def membership(cell: Cell) -> Membership:
    names = {"own": "colleague", "sibling": "outsider", "foreign": "colleague"}
    granted = cell.where == "own" and cell.persona == "team_member_granted"
    person = getattr(cell.side, "granted_colleague" if granted else names[cell.where])
    return Membership.objects.get(user=person, team=cell.target)


def adding(role: str) -> Callable[[Cell], Form]:
    return lambda cell: (f"/ui/teams/{cell.target.pk}/members/", {"email": "newcomer@example.com", "role": role})


def change(cell: Cell) -> Form:
    return f"/ui/teams/{cell.target.pk}/members/{membership(cell).pk}/", {"role": "admin"}


def remove(cell: Cell) -> Form:
    return f"/ui/teams/{cell.target.pk}/members/{membership(cell).pk}/remove/", {}


def sharing(cell: Cell) -> Form:
    """With a team that its admin sees, being in it: nobody else of the cast is."""
    borrower = TeamFactory(organization=cell.side.organization)
    if (cell.persona, cell.where) == ("team_admin", "own"):
        join(cell.user, borrower, "user")
    return f"/ui/teams/{cell.target.pk}/shared/new/", {"team": str(borrower.pk), "level": "user"}


# The address names the team first: whoever sees it and manages nobody there is told so, whichever member they name.
FORMS: dict[str, Callable[[Cell], Form]] = {
    "TEM-02": adding("user"),
    "TEM-03": adding("admin"),
    "TEM-04": change,
    "TEM-07": remove,
    "SHR-05": sharing,
}
CELLS = [
    pytest.param(table()[name], persona, where, id=f"{name}-{persona}-{where}")
    for name in FORMS
    for persona in PERSONAS
    for where in ("own", "sibling", "foreign")
]


def team_of(world: World, persona: str, where: str) -> Any:
    return {
        "own": objects.team(world, persona),
        "sibling": objects.sibling_team(world),
        "foreign": objects.foreign_team(world),
    }[where]


def expected(row: Row, persona: str, where: str) -> int:
    """302 after a change, and for who is not signed in; else as the matrix says."""
    at_home = (persona, where) in (("org_admin", "sibling"), ("other_org_admin", "foreign"))
    if persona == "anonymous" or at_home:
        return 302
    if where != "own" and persona not in ("proxy_admin", "proxy_admin_viewer"):
        return 404
    return IN_TEAM[persona] if row.cells[persona] == "deny" else 302


@pytest.mark.parametrize(("row", "persona", "where"), CELLS)
def test_cell(world: World, row: Row, persona: str, where: str) -> None:
    cell = Cell(world, persona).named(team_of(world, persona, where), where)
    status = expected(row, persona, where)
    with undone():
        url, fields = FORMS[row.id](cell)
        client = Client()
        if cell.name:
            client.force_login(User.objects.get(pk=cell.user.pk), backend="django.contrib.auth.backends.ModelBackend")
        rows, audit = snapshot(), set(AuditEvent.objects.values_list("pk", flat=True))
        answer = client.post(url, fields)
        assert answer.status_code == status, answer.content.decode()[:500]
        outcomes = {event.outcome for event in AuditEvent.objects.exclude(pk__in=audit)}
        if status == 302 and cell.name:
            page, model = ("shared", "TeamGrant") if row.id == "SHR-05" else ("members", "Membership")
            assert answer["Location"] == f"/ui/teams/{cell.target.pk}/{page}/"
            assert outcomes == {"done"}
            assert {f"teams.{model}", "rbacadmin.Change"} <= set(changed(rows, snapshot()))
        else:
            assert not changed(rows, snapshot())
            assert outcomes == ({"refused"} if cell.name else set())
            if not cell.name:
                assert answer["Location"].startswith("/accounts/login/")
