"""SET: the settings are for the platform's people."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from keys.models import Key
from tests.matrix.calls import NO_OBJECT, Call, Cell

JWT: dict[str, Any] = {
    "roles_jwt_field": "roles",
    "role_mappings": [{"role": "gateway-admins", "internal_role": "proxy_admin"}],
}


def masked(cell: Cell, answer: Any) -> None:
    """The names of all, the values of no secret."""
    shown = {row["name"]: row["value"] for row in answer["settings"]}
    assert shown["RBACADMIN_SECRET_KEY"] in ("set", "not set")
    assert "add_creator_to_teams" in shown


def something_to_end(cell: Cell) -> None:
    ended = timezone.now() - timedelta(hours=1)
    Key.objects.filter(pk=cell.world.here.keys["colleague_team"].pk).update(
        previous_token="0" * 64, previous_until=ended
    )


ROWS: dict[str, tuple[Call, ...]] = {
    "SET-01": (Call("GET", "/settings", lambda cell: {}, denied=NO_OBJECT, check=masked),),
    "SET-02": (
        Call("POST", "/settings/update", lambda cell: {"add_creator_to_teams": True}, denied=NO_OBJECT,
             event="setting.updated"),
    ),
    "SET-03": (Call("POST", "/settings/jwt", lambda cell: JWT, denied=NO_OBJECT, event="setting.updated"),),
    "SET-04": (
        Call("POST", "/settings/jobs", lambda cell: {"jobs": ["rotated secrets forgotten"]}, denied=NO_OBJECT,
             own=lambda world, persona: world.team, arrange=something_to_end, event="job.ran"),
    ),
}  # fmt: skip
