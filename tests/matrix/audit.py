"""AUD: who sees which part of the record, who may take it home, and that nobody changes it."""

from typing import Any

from rbacadmin import audit
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Actor
from tests.matrix import objects
from tests.matrix.calls import IN_ORGANIZATION, IN_PROJECT, IN_TEAM, NO_OBJECT, PLATFORM, Call, Cell

# What is on record in each organization, and which of it the persona sees at home beside what they did themselves.
PLACES = ("organization", "team", "granted_team", "other_team", "project", "other_project")
SEEN = {
    "org_admin": PLACES,
    "other_org_admin": PLACES,
    "team_admin": ("team",),
    "project_owner": ("project",),
}
NOTHING = "00000000-0000-4000-8000-00000000dead"


def on_record(cell: Cell) -> None:
    """An event in every place of both organizations, one in none, and one of the persona's own."""
    for name, side in (("here", cell.world.here), ("there", cell.world.there)):
        for place in PLACES:
            scope = getattr(side, place)
            audit.write(Actor.master(), f"test.{name}_{place}", scope, audit.scope_ids(scope))
    audit.write(Actor.master(), "test.nowhere", None, {})
    if cell.name:
        audit.write(Actor.for_user(cell.user), "test.own", None, {})


def expected(cell: Cell) -> set[str]:
    if cell.persona in PLATFORM:
        return {"nowhere", "own", *(f"{name}_{place}" for name in ("here", "there") for place in PLACES)}
    home = "there" if cell.persona == "other_org_admin" else "here"
    return {"own", *(f"{home}_{place}" for place in SEEN.get(cell.persona, ()))}


def names(answer: Any) -> set[str]:
    return {row["event"].removeprefix("test.") for row in answer["audit_logs"]}


def own_slice(cell: Cell, answer: Any) -> None:
    assert names(answer) == expected(cell)
    assert answer["total"] == len(expected(cell)), "what is not seen is not counted"


def own_acts(cell: Cell, answer: Any) -> None:
    assert names(answer) == {"own"}
    assert {row["changed_by"] for row in answer["audit_logs"]} == {cell.user.public_id}


def in_scope(cell: Cell, answer: Any) -> None:
    """Everything in the scope named and beneath it, nothing else."""
    column = f"{cell.target.kind}_id"
    assert {row[column] for row in answer["audit_logs"]} == {cell.ident}
    assert answer["total"] == AuditEvent.objects.filter(**{column: cell.target.pk}).count() > 0


def listing(method: str, **more: Any) -> Call:
    more = {"own": objects.organization, "denied": NO_OBJECT, "check": own_slice, **more}
    return Call(method, "/audit", arrange=on_record, **more)


def of(name: str, denied: Any, **where: Any) -> Call:
    return Call(
        "GET", "/audit", lambda cell: {name: cell.ident, "page_size": 100}, denied=denied, arrange=on_record,
        check=in_scope, **where,
    )  # fmt: skip


def changing(method: str) -> Call:
    """There is no such method, so nobody gets as far as being refused."""
    return Call(
        method, f"/audit/{NOTHING}", lambda cell: {"outcome": "done"},
        denied={**dict.fromkeys(NO_OBJECT, 405), "anonymous": 401},
    )  # fmt: skip


TEAM: dict[str, Any] = {"own": objects.team, "sibling": objects.sibling_team, "foreign": objects.foreign_team}
PROJECT: dict[str, Any] = {
    "own": objects.project,
    "sibling": objects.sibling_project,
    "foreign": objects.foreign_project,
}
ROWS: dict[str, tuple[Call, ...]] = {
    "AUD-01": (
        listing("GET", body=lambda cell: {"page_size": 100}),
        listing("POST", body=lambda cell: {"page_size": 100}),
    ),
    "AUD-02": (
        of("organization_id", IN_ORGANIZATION, own=objects.organization, foreign=objects.foreign_organization),
    ),
    "AUD-03": (of("team_id", IN_TEAM, **TEAM),),
    "AUD-04": (
        listing("GET", body=lambda cell: {"actor": cell.user.email if cell.name else "nobody"}, check=own_acts),
        listing("GET", body=lambda cell: {"changed_by": cell.user.email if cell.name else "nobody"}, check=own_acts),
    ),
    "AUD-05": (
        # who has nothing here still has a log of their own at home
        Call("GET", "/audit/export", lambda cell: {}, denied=NO_OBJECT,
             only=[persona for persona in NO_OBJECT if persona != "other_org_admin"], notes="audit.exported"),
        Call("GET", "/audit/export", lambda cell: {"organization_id": cell.ident, "format": "csv"},
             own=objects.organization, foreign=objects.foreign_organization, denied=IN_ORGANIZATION,
             notes="audit.exported"),
    ),
    "AUD-06": (changing("PUT"), changing("PATCH"), changing("DELETE"), changing("POST")),
    "AUD-07": (of("project_id", IN_PROJECT, **PROJECT),),
}  # fmt: skip
