"""KEY, third part: lists of keys, and the keys of projects."""

from typing import Any

from keys.models import Key
from tests.matrix import objects
from tests.matrix.calls import EVERYBODY, IN_PROJECT, NO_OBJECT, PLATFORM, Call, Cell
from tests.matrix.key_changes import PROJECT
from tests.matrix.keys import by_key, info, service

FILTERS = {"team": "team_id", "project": "project_id", "organization": "organization_id"}
FROM_ABOVE = {"own": (*PLATFORM, "org_admin"), "sibling": (*PLATFORM, "org_admin")}
FROM_ABOVE["foreign"] = (*PLATFORM, "other_org_admin")


def in_scope(cell: Cell) -> dict[str, Any]:
    return {FILTERS[cell.target.kind]: cell.ident, "size": 100}


def tokens(cell: Cell, answer: Any) -> set[str]:
    """The keys of an answer; their number must be what the total says: what is not seen is not counted."""
    assert answer["total_count"] == len(answer["keys"])
    return set(answer["keys"])


def of_scope(cell: Cell) -> Any:
    return Key.objects.filter(**{cell.target.kind: cell.target})


def listed(cell: Cell, answer: Any) -> None:
    """All keys of the scope for its admins and, where members may list, for them; else one's own in it."""
    whole = (*FROM_ABOVE[cell.where], *(("team_admin", "team_member_granted") if cell.where == "own" else ()))
    seen = of_scope(cell) if cell.persona in whole else of_scope(cell).filter(user=cell.user)
    assert tokens(cell, answer) == set(seen.values_list("token", flat=True))


def listed_of_project(cell: Cell, answer: Any) -> None:
    whole = (*FROM_ABOVE[cell.where], *(("project_owner",) if cell.where == "own" else ()))
    seen = of_scope(cell) if cell.persona in whole else of_scope(cell).filter(user=cell.user)
    assert tokens(cell, answer) == set(seen.values_list("token", flat=True))


def listed_at_all(cell: Cell, answer: Any) -> None:
    """Without a filter: one's own, the whole scope where one is in charge, nothing from next door."""
    here, there = cell.world.here, cell.world.there
    scopes: dict[str, dict[str, Any]] = {
        "org_admin": {"organization": here.organization},
        "other_org_admin": {"organization": there.organization},
        "team_admin": {"team": here.team},
        "team_member_granted": {"team": here.granted_team},
        "project_owner": {"project": here.project},
    }
    seen = Key.objects.filter(user=cell.user)
    if cell.persona in PLATFORM:
        seen = Key.objects.all()
    elif cell.persona in scopes:
        seen = seen | Key.objects.filter(**scopes[cell.persona])
    assert tokens(cell, answer) == set(seen.values_list("token", flat=True))


TEAM: dict[str, Any] = {
    "own": objects.team,
    "sibling": objects.sibling_team,
    "foreign": objects.foreign_team,
    "denied": NO_OBJECT,
    "beyond": EVERYBODY,
}
# A filter that names what the caller cannot see finds nothing, exactly as one that names nothing at all.
EMPTY = {**dict.fromkeys(NO_OBJECT, 200), "anonymous": 401}

ROWS: dict[str, tuple[Call, ...]] = {
    "KEY-11": (
        Call("GET", "/key/list", in_scope, check=listed, **TEAM),
        Call("POST", "/key/list", in_scope, check=listed, **TEAM),
        Call("GET", "/key/list", lambda cell: {"size": 100}, denied=NO_OBJECT, check=listed_at_all),
    ),
    "KEY-32": (
        Call("GET", "/key/info", by_key(), check=info, **PROJECT),
        Call("GET", "/key/list", in_scope, check=listed_of_project, own=objects.project,
             sibling=objects.sibling_project, foreign=objects.foreign_project, denied=EMPTY, beyond=EVERYBODY),
    ),
    "KEY-35": (
        Call("POST", "/key/service-account/generate", lambda cell: {"project_id": cell.ident}, own=objects.project,
             sibling=objects.sibling_project, foreign=objects.foreign_project, denied=IN_PROJECT,
             event="key.generated", check=service),
    ),
}  # fmt: skip
