"""SPD, KEY-30 and what TEA-10 says of spend: who sees what was spent, and who sets it back."""

from typing import Any

from django.utils import timezone

from gateway.models import Spend
from tests.matrix import objects
from tests.matrix.calls import IN_PROJECT, IN_TEAM, PROJECT_KEY, TEAM_KEY, Call, Cell

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
# Of TEA-10 beside the budget's duration, which is with the other fields of a team.
RESETS_OF_TEAMS: tuple[Call, ...] = (
    reset("/team/{id}/reset_spend", "team", **TEAM),
    reset("/team/update", "team", body=lambda cell: {"team_id": cell.ident, "spend": 0}, check=now(0), **TEAM),
    reset("/project/{id}/reset_spend", "project", own=objects.project, sibling=objects.sibling_project,
          foreign=objects.foreign_project, denied=IN_PROJECT),
)  # fmt: skip
ROWS: dict[str, tuple[Call, ...]] = {
    "KEY-30": (
        reset("/key/{id}/reset_spend", "key", own=objects.anothers_team_key, sibling=objects.sibling_team_key,
              foreign=objects.foreign_team_key, denied=TEAM_KEY),
        reset("/key/{id}/reset_spend", "key", own=objects.team_service_key, denied=TEAM_KEY),
        reset("/key/{id}/reset_spend", "key", own=objects.project_key, foreign=objects.foreign_project_key,
              denied={**PROJECT_KEY, "project_member": 403}),
    ),
}  # fmt: skip
