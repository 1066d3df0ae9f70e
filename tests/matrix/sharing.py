"""SHR: scopes that are shared with teams, through the door that has words for it, OpenAI's administration API."""

from typing import Any

from rbacadmin.policy import ROLES, Action, grants
from teams.models import Team
from tests.factories import TeamFactory, join
from tests.matrix import objects
from tests.matrix.calls import IN_PROJECT, IN_TEAM, Call, Cell

PROJECTS, GROUPS = "/v1/organization/projects", "/v1/organization/groups"
MEMBER, READER = "role-api-project-member", "role-api-organization-reader"
SEES_ALL = ("proxy_admin", "proxy_admin_viewer", "org_admin", "other_org_admin")
PROJECT: dict[str, Any] = {
    "own": objects.project,
    "sibling": objects.sibling_project,
    "foreign": objects.foreign_project,
    "denied": IN_PROJECT,
}


def in_organization(cell: Cell) -> dict[str, str]:
    """Whoever has several organizations names one; in one that they do not see nothing is there."""
    return {"OpenAI-Organization": cell.side.organization.prefixed_id} if cell.name else {}


def teams_of(cell: Cell) -> list[Team]:
    """A team that a project's owner sees, being in it, and one that they do not; nobody else is in either."""
    found = [Team.objects.filter(public_id=f"{name} of {cell.side.organization.alias}") for name in ("seen", "unseen")]
    return [rows.get() for rows in found]


def make_teams(cell: Cell) -> None:
    home = cell.side.organization
    seen = TeamFactory(organization=home, public_id=f"seen of {home.alias}", alias=f"seen of {home.alias}")
    TeamFactory(organization=home, public_id=f"unseen of {home.alias}", alias=f"unseen of {home.alias}")
    if (cell.persona, cell.where) == ("project_owner", "own"):
        join(cell.user, seen, "user")


def shared(cell: Cell) -> None:
    make_teams(cell)
    for team in teams_of(cell):
        grants.set_for(cell.target, team.group, [Action.VIEW_PROJECTS])


def with_team(cell: Cell) -> dict[str, Any]:
    return {"group_id": f"seen of {cell.side.organization.alias}", "role": MEMBER}


def given(cell: Cell, answer: Any) -> None:
    team = teams_of(cell)[0]
    assert answer["group_id"] == team.prefixed_id
    assert grants.on(cell.target, team.group) == ROLES["project"]["member"]


def taken(cell: Cell, answer: Any) -> None:
    assert [bool(grants.on(cell.target, team.group)) for team in teams_of(cell)] == [False, True]


def listed(cell: Cell, answer: Any) -> None:
    named = {row["group_name"] for row in answer["data"]}
    both = [team.alias for team in teams_of(cell)]
    own = both[:1] if cell.persona == "project_owner" else []
    assert named == set(both if cell.persona in SEES_ALL else own)


ROWS: dict[str, tuple[Call, ...]] = {
    "SHR-01": (
        Call("POST", f"{PROJECTS}/{{id}}/groups", with_team, event="project.shared", arrange=make_teams, check=given,
             headers=in_organization, **PROJECT),
    ),
    "SHR-02": (
        Call("DELETE", f"{PROJECTS}/{{id}}/groups/seen of {{name}}", lambda cell: {}, event="project.unshared",
             arrange=shared, check=taken, headers=in_organization, **PROJECT),
    ),
    "SHR-03": (
        Call("GET", f"{PROJECTS}/{{id}}/groups", lambda cell: {}, arrange=shared, check=listed,
             headers=in_organization, **PROJECT),
    ),
    "SHR-04": (
        Call("POST", f"{GROUPS}/{{id}}/roles", lambda cell: {"role_id": READER}, event="organization.shared",
             own=objects.team, sibling=objects.sibling_team, foreign=objects.foreign_team, denied=IN_TEAM,
             headers=in_organization),
    ),
}  # fmt: skip
