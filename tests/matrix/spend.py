"""SPD, KEY-30 and what TEA-10 says of spend: who sees what was spent, and who sets it back."""

from typing import Any

from django.utils import timezone

from gateway.models import Spend
from tests.matrix import objects
from tests.matrix.calls import IN_ORGANIZATION, IN_PROJECT, IN_TEAM, NO_OBJECT, PROJECT_KEY, TEAM_KEY, Call, Cell
from tests.usage import Use, book

FIVE = 5 * 10**9


def spent(cell: Cell) -> None:
    """The object has spent five dollars in this period, and ten in all."""
    row = cell.target
    values = {"current": FIVE, "lifetime": 2 * FIVE, "period_start": timezone.now()}
    Spend.objects.create(object_id=row.pk, kind=row._meta.model_name, **values)


def now(current: int) -> Any:
    def check(cell: Cell, answer: Any) -> None:
        spend = Spend.objects.get(object_id=cell.target.pk)
        assert (spend.current, spend.lifetime) == (current, 2 * FIVE)
        assert answer.get("data", answer)["spend"] == current / 10**9

    return check


def reset(path: str, noun: str, **more: Any) -> Call:
    more = {"body": lambda cell: {"reset_to": 2}, "check": now(2 * 10**9), **more}
    return Call("POST", path, arrange=spent, event=f"{noun}.spend_reset", **more)


TEAM: dict[str, Any] = {
    "own": objects.team,
    "sibling": objects.sibling_team,
    "foreign": objects.foreign_team,
    "denied": IN_TEAM,
}
# Dollars of each key in both organizations; nobody else spent anything.
SPENT = {"member_team": 1, "colleague_team": 2, "granted_team": 4, "outsider_team": 8, "team_service": 16}
SPENT |= {"project_member_project": 32, "project_colleague_project": 64, "reader_personal": 128}
OWN_PART = {"team_member": 1, "team_member_granted": 4, "project_member": 32}
WHOLE = {"team": 19, "granted_team": 4, "other_team": 8, "project": 96, "other_project": 0, "organization": 255}
OWN = {"org_reader": 128, "team_member": 1, "team_member_granted": 4, "project_member": 32}


def used(cell: Cell) -> None:
    book(
        Use(side.keys[name], dollars, model=f"model of {side.organization.alias}")
        for side in (cell.world.here, cell.world.there)
        for name, dollars in SPENT.items()
    )


def total(answer: Any) -> float:
    return float(sum(row["spend"] for row in (answer["data"] if isinstance(answer, dict) else answer)))


def whole_or_own_part(cell: Cell, answer: Any) -> None:
    """The whole scope's spend for who leads it, from within or above; for who merely works there, their own."""
    place = next(name for name in WHOLE if getattr(cell.side, name).pk == cell.target.pk)
    own = cell.persona in OWN_PART and cell.where == "own"
    assert total(answer) == (OWN_PART[cell.persona] if own else WHOLE[place])
    assert {row["model"] for row in answer} <= {f"model of {cell.side.organization.alias}"}


def own_spend(cell: Cell, answer: Any) -> None:
    assert total(answer) == OWN.get(cell.persona, 0)


def everything(cell: Cell, answer: Any) -> None:
    assert answer["spend"] == 2 * WHOLE["organization"]


def view(column: str, denied: Any, **where: Any) -> tuple[Call, ...]:
    """Both lists of logs, by the same rule."""
    more: dict[str, Any] = {"arrange": used, "denied": denied, **where}
    return (
        Call("GET", "/spend/logs", lambda cell: {column: cell.ident}, check=whole_or_own_part, **more),
        Call("GET", "/spend/logs/v2", lambda cell: {column: cell.ident, "page_size": 100},
             check=lambda cell, answer: whole_or_own_part(cell, answer["data"]), **more),
    )  # fmt: skip


# Of TEA-10 beside the budget's duration, which is with the other fields of a team.
RESETS_OF_TEAMS: tuple[Call, ...] = (
    reset("/team/{id}/reset_spend", "team", **TEAM),
    reset("/team/update", "team", body=lambda cell: {"team_id": cell.ident, "spend": 0}, check=now(0), **TEAM),
    reset("/project/{id}/reset_spend", "project", own=objects.project, sibling=objects.sibling_project,
          foreign=objects.foreign_project, denied=IN_PROJECT),
)  # fmt: skip
ROWS: dict[str, tuple[Call, ...]] = {
    "SPD-01": (
        Call("GET", "/spend/logs", lambda cell: {"user_id": cell.user.email if cell.name else "nobody"},
             own=objects.organization, arrange=used, denied=NO_OBJECT, check=own_spend),
        Call("GET", "/spend/logs/v2", lambda cell: {"user_id": cell.user.email if cell.name else "nobody"},
             own=objects.organization, arrange=used, denied=NO_OBJECT, check=own_spend),
    ),
    "SPD-02": view("team_id", IN_TEAM, **{name: TEAM[name] for name in ("own", "sibling", "foreign")}),
    "SPD-03": view("project_id", IN_PROJECT, own=objects.project, sibling=objects.sibling_project,
                   foreign=objects.foreign_project),
    "SPD-04": view("organization_id", IN_ORGANIZATION, own=objects.organization, foreign=objects.foreign_organization),
    "SPD-05": (
        Call("GET", "/global/spend", lambda cell: {}, own=objects.organization, arrange=used, denied=NO_OBJECT,
             check=everything),
        *(Call("GET", f"/global/{name}", lambda cell: {}, own=objects.organization, arrange=used, denied=NO_OBJECT)
          for name in ("spend/logs", "spend/keys", "spend/teams", "spend/models", "spend/provider", "spend/report",
                       "activity", "activity/model")),
        Call("POST", "/global/spend/end_users", lambda cell: {}, own=objects.organization, denied=NO_OBJECT),
    ),
    # Nobody's role: the gateway's own credential alone, which no persona has.
    "SPD-06": (
        Call("POST", "/gateway/usage", lambda cell: {"events": [{"request_id": "r-1", "model": "gpt-4o"}]},
             denied=NO_OBJECT, event="usage.record"),
    ),
    "KEY-30": (
        reset("/key/{id}/reset_spend", "key", own=objects.anothers_team_key, sibling=objects.sibling_team_key,
              foreign=objects.foreign_team_key, denied=TEAM_KEY),
        reset("/key/{id}/reset_spend", "key", own=objects.team_service_key, denied=TEAM_KEY),
        reset("/key/{id}/reset_spend", "key", own=objects.project_key, foreign=objects.foreign_project_key,
              denied={**PROJECT_KEY, "project_member": 403}),
    ),
}  # fmt: skip
