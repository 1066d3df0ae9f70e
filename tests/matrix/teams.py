"""TEA and TEP: teams, their limits and what their members may do with keys."""

from decimal import Decimal
from typing import Any

from rbacadmin.money import to_nano
from rbacadmin.policy import Action, grants
from teams.models import Team
from tests.matrix import objects
from tests.matrix.calls import EVERYBODY, IN_ORGANIZATION, IN_TEAM, NO_OBJECT, Call, Cell
from tests.matrix.seen import people_in_team, sees_whole_team, teams_seen
from tests.matrix.spend import RESETS_OF_TEAMS

HIDDEN = {"max_budget", "budget_duration", "spend", "tpm_limit", "rpm_limit", "metadata", "litellm_budget_table"}
TWO = ["/key/info", "/key/list"]


def created(cell: Cell, answer: Any) -> None:
    team = Team.objects.get(public_id=answer["team_id"])
    assert team.organization == cell.target
    assert not team.memberships.exists(), "nobody is added who is not named"
    assert grants.on(team, team.group) == {Action.VIEW_KEYS, Action.CHECK_KEYS}


def read(cell: Cell, answer: Any) -> None:
    """The whole team for its admins; for a member its basics and their own row (TEA-03, TEM-01)."""
    info = answer["team_info"]
    assert info["team_id"] == answer["team_id"] == cell.ident
    people = {member["user_id"] for member in info["members_with_roles"]}
    rows = {member["user_id"] for member in answer["team_memberships"]}
    if sees_whole_team(cell):
        assert people == rows == people_in_team(cell)
        assert set(info) >= {"max_budget", "spend"}
    else:
        assert people == rows == {cell.user.email}
        assert not HIDDEN & set(info)


def listed(cell: Cell, answer: Any) -> None:
    rows = answer if isinstance(answer, list) else answer["teams"]
    expected = teams_seen(cell)
    assert {row["team_id"] for row in rows} == {team.public_id for team in expected}
    if not isinstance(answer, list):
        assert answer["total"] == len(expected)


def in_organization(cell: Cell) -> dict[str, Any]:
    return {"organization_id": cell.ident}


def listing(method: str, path: str) -> Call:
    return Call(
        method, path, in_organization, own=objects.organization, foreign=objects.foreign_organization,
        denied=NO_OBJECT, beyond=EVERYBODY, check=listed,
    )  # fmt: skip


def now(**columns: Any) -> Any:
    """A check that the team has these values now."""

    def check(cell: Cell, answer: Any) -> None:
        team = Team.objects.get(pk=cell.target.pk)
        assert {name: getattr(team, name) for name in columns} == columns

    return check


def update(check: Any = None, arrange: Any = None, **fields: Any) -> Call:
    return Call(
        "POST", "/team/update", lambda cell: {"team_id": cell.ident, **fields}, own=objects.team,
        sibling=objects.sibling_team, foreign=objects.foreign_team, denied=IN_TEAM, event="team.updated",
        check=check, arrange=arrange,
    )  # fmt: skip


def model(verb: str, **more: Any) -> Call:
    return Call(
        "POST", f"/team/model/{verb}", lambda cell: {"team_id": cell.ident, "models": ["claude"]}, own=objects.team,
        sibling=objects.sibling_team, foreign=objects.foreign_team, denied=IN_TEAM, event="team.updated", **more,
    )  # fmt: skip


def limited(**columns: Any) -> Any:
    """Limits for the siblings, which have none: setting the first is no raise."""

    def arrange(cell: Cell) -> None:
        Team.objects.filter(pk=cell.target.pk).update(**columns)

    return arrange


def permissions_shown(cell: Cell, answer: Any) -> None:
    own = Team.objects.get(pk=cell.target.pk)
    assert len(answer["team_member_permissions"]) == len(grants.on(own, own.group))
    assert len(answer["all_available_permissions"]) == 10


def permissions_set(cell: Cell, answer: Any) -> None:
    team = Team.objects.get(pk=cell.target.pk)
    assert grants.on(team, team.group) == {Action.VIEW_KEYS, Action.LIST_KEYS}


def permissions(path: str) -> Call:
    return Call(
        "POST", path, lambda cell: {"team_id": cell.ident, "team_member_permissions": TWO}, own=objects.team,
        sibling=objects.sibling_team, foreign=objects.foreign_team, denied=IN_TEAM, event="team.permissions_updated",
        check=permissions_set,
    )  # fmt: skip


def dollars(amount: int) -> int:
    return to_nano(Decimal(amount))


BUDGET = limited(max_budget=dollars(100), rpm_limit=100, tpm_limit=1000, budget_duration="30d")
READ = Call(
    "GET", "/team/info", lambda cell: {"team_id": cell.ident}, own=objects.team, sibling=objects.sibling_team,
    foreign=objects.foreign_team, denied=IN_TEAM, check=read,
)  # fmt: skip

ROWS: dict[str, tuple[Call, ...]] = {
    "TEA-01": (
        Call("POST", "/team/new", lambda cell: {"team_alias": "newly formed", "organization_id": cell.ident},
             own=objects.organization, foreign=objects.foreign_organization, denied=IN_ORGANIZATION,
             event="team.created", check=created),
    ),
    "TEA-02": (
        Call("POST", "/team/new", lambda cell: {"team_alias": "newly formed"}, denied=NO_OBJECT, event="team.created",
             check=created),
    ),
    "TEA-03": (READ,),
    "TEA-04": (
        listing("GET", "/team/list"),
        listing("POST", "/team/list"),
        listing("GET", "/v2/team/list"),
        Call("GET", "/team/list", lambda cell: {}, denied=NO_OBJECT, check=listed),
    ),
    "TEA-05": (
        update(team_alias="renamed", metadata={"floor": 3}, check=now(alias="renamed", metadata={"floor": 3})),
    ),
    "TEA-06": (
        update(max_budget=50, arrange=BUDGET, check=now(max_budget=dollars(50))),
        update(max_budget=50, arrange=limited(max_budget=None), check=now(max_budget=dollars(50))),
        update(max_budget=50, budget_duration="7d", arrange=limited(max_budget=None, budget_duration=""),
               check=now(max_budget=dollars(50), budget_duration="7d")),
    ),
    "TEA-07": (
        update(max_budget=150, arrange=BUDGET, check=now(max_budget=dollars(150))),
        update(max_budget=None, arrange=BUDGET, check=now(max_budget=None)),
    ),
    "TEA-08": (
        update(rpm_limit=50, tpm_limit=500, arrange=BUDGET, check=now(rpm_limit=50, tpm_limit=500)),
        update(rpm_limit=50, arrange=limited(rpm_limit=None), check=now(rpm_limit=50)),
    ),
    "TEA-09": (
        update(rpm_limit=150, arrange=BUDGET, check=now(rpm_limit=150)),
        update(tpm_limit=1001, arrange=BUDGET, check=now(tpm_limit=1001)),
        update(rpm_limit=None, tpm_limit=None, arrange=BUDGET, check=now(rpm_limit=None, tpm_limit=None)),
    ),
    "TEA-10": (
        update(budget_duration="7d", arrange=BUDGET, check=now(budget_duration="7d")),
        update(budget_duration=None, arrange=BUDGET, check=now(budget_duration="")),
        *RESETS_OF_TEAMS,
    ),
    "TEA-11": (
        update(models=["gpt-4"], check=now(models=["gpt-4"])),
        update(models=[], arrange=limited(models=["gpt-4"]), check=now(models=[])),
        model("add", arrange=limited(models=["gpt-4"]), check=now(models=["gpt-4", "claude"])),
        model("delete", arrange=limited(models=["gpt-4", "claude"]), check=now(models=["gpt-4"])),
    ),
    "TEP-01": (
        Call("GET", "/team/permissions_list", lambda cell: {"team_id": cell.ident}, own=objects.team,
             sibling=objects.sibling_team, foreign=objects.foreign_team, denied=IN_TEAM, check=permissions_shown),
    ),
    "TEP-02": (permissions("/team/update"), permissions("/team/permissions_update")),
    "TEM-01": (READ,),
}  # fmt: skip
