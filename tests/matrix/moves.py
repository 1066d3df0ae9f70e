"""TEA and KEY: what changes its parent."""

from typing import Any

from keys.models import Key
from teams.models import Membership, Team
from tests.factories import join
from tests.matrix import objects
from tests.matrix.calls import IN_TEAM, INVISIBLE, PROJECT_KEY, TEAM_KEY, Call, Cell
from tests.matrix.keys import SHARED


def next_door(cell: Cell) -> Any:
    """The organization in which the target does not lie."""
    return cell.world.here.organization if cell.where == "foreign" else cell.world.there.organization


def unnamed(cell: Cell) -> None:
    """Both sides name their keys alike, and names are unique in an organization."""
    Key.objects.update(alias="", alias_key="")


def to_next_door(cell: Cell) -> dict[str, Any]:
    return {"team_id": cell.ident, "organization_id": next_door(cell).public_id}


def team_moved(cell: Cell, answer: Any) -> None:
    there = next_door(cell)
    assert answer["data"]["organization_id"] == there.public_id
    assert Team.objects.get(pk=cell.target.pk).organization == there
    for model in (Key, Membership):
        rows: Any = model._default_manager.filter(team=cell.target)
        assert set(rows.values_list("organization", flat=True)) == {there.pk}


def heir(cell: Cell) -> Any:
    """Somebody of the organization who plays no persona, from elsewhere in it."""
    return cell.side.second_team_admin if cell.target.project else cell.side.project_colleague


def heir_joins(cell: Cell) -> None:
    """They are in the scope of the key too, so that it can be given to them."""
    unnamed(cell)
    join(heir(cell), cell.target.team or cell.target.project, "user" if cell.target.team else "member")


def to_heir(cell: Cell) -> dict[str, Any]:
    return {"key": cell.ident, "user_id": heir(cell).email}


def given_to_heir(cell: Cell, answer: Any) -> None:
    assert answer["user_id"] == heir(cell).public_id
    assert Key.objects.get(pk=cell.target.pk).user == heir(cell)


def sibling_of(cell: Cell) -> Team:
    return cell.side.granted_team if cell.target.team_id == cell.side.other_team.pk else cell.side.other_team


def owner_joins(cell: Cell) -> None:
    join(cell.target.user, sibling_of(cell), "user")


def to_sibling(cell: Cell) -> dict[str, Any]:
    return {"key": cell.ident, "team_id": sibling_of(cell).public_id}


def at_sibling(cell: Cell, answer: Any) -> None:
    key = Key.objects.get(pk=cell.target.pk)
    assert (key.team, key.organization) == (sibling_of(cell), cell.side.organization)
    assert answer["team_id"] == sibling_of(cell).public_id


def lent(cell: Cell) -> Key:
    """A key of the first organization, which the request sends to the target: a team of the other one."""
    return cell.world.here.keys["colleague_team"]


def across(cell: Cell) -> dict[str, Any]:
    return {"key": lent(cell).token, "team_id": cell.ident}


def owner_joins_next_door(cell: Cell) -> None:
    unnamed(cell)
    join(lent(cell).user, cell.target, "user")


def moved_across(cell: Cell, answer: Any) -> None:
    key = Key.objects.get(pk=lent(cell).pk)
    assert (key.team, key.organization) == (cell.target, cell.world.there.organization)


def unbound(cell: Cell) -> dict[str, Any]:
    return {"key": cell.ident, "team_id": None, "organization_id": None}


def is_unbound(cell: Cell, answer: Any) -> None:
    key = Key.objects.get(pk=cell.target.pk)
    assert (key.team, key.organization) == (None, None)


TEAM: dict[str, Any] = {"own": objects.team, "sibling": objects.sibling_team, "foreign": objects.foreign_team}
ANOTHERS: dict[str, Any] = {"own": objects.anothers_team_key, "denied": TEAM_KEY, **SHARED}
IN_PROJECT: dict[str, Any] = {
    "own": lambda world, persona: world.here.keys["project_colleague_project"],
    "foreign": objects.foreign_project_key,
    "denied": PROJECT_KEY,
}
# Where the key goes is not there for whoever leads here only; who may not move it at all hears that first.
FROM_HERE = {**TEAM_KEY, "org_admin": 404, "team_member_granted": 404, "other_org_admin": 404}

ROWS: dict[str, tuple[Call, ...]] = {
    "TEA-13": (
        Call("POST", "/team/update", to_next_door, event="team.moved_in", arrange=unnamed, check=team_moved,
             denied=IN_TEAM, **TEAM),
    ),
    "KEY-16": (
        Call("POST", "/key/update", to_heir, event="key.reassigned", arrange=heir_joins, check=given_to_heir,
             **ANOTHERS),
        Call("POST", "/key/update", to_sibling, event="key.moved_in", arrange=owner_joins, check=at_sibling,
             **ANOTHERS),
        Call("POST", "/key/update", to_heir, event="key.reassigned", arrange=heir_joins, check=given_to_heir,
             **IN_PROJECT),
        Call("POST", "/key/regenerate", to_heir, event="key.reassigned", arrange=heir_joins, check=given_to_heir,
             **ANOTHERS),
    ),
    "KEY-17": (
        Call("POST", "/key/update", across, own=lambda world, persona: world.there.team, event="key.moved_in",
             arrange=owner_joins_next_door, check=moved_across, denied=FROM_HERE),
        Call("POST", "/key/update", unbound, event="key.moved_in", check=is_unbound, **ANOTHERS),
        Call("POST", "/key/update", across, own=lambda world, persona: world.there.team, denied=INVISIBLE,
             event="key.moved_in", only=("internal_user_no_team", "internal_user_viewer")),
    ),
}  # fmt: skip
