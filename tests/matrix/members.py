"""TEM: people in teams."""

from typing import Any

from rbacadmin.models import AuditEvent
from teams.models import Membership
from tests.matrix import objects
from tests.matrix.calls import IN_TEAM, Call, Cell


def adding(role: str, person: str) -> Any:
    def body(cell: Cell) -> dict[str, Any]:
        return {"team_id": cell.ident, "member": {"role": role, "user_id": person}}

    return body


def added(role: str, person: str) -> Any:
    def check(cell: Cell, answer: Any) -> None:
        membership = Membership.objects.get(user__email=person, team=cell.target)
        assert membership.role == role
        assert membership.user.memberships.filter(organization=cell.side.organization, team=None).exists(), "closure"
        assert person in {user["user_id"] for user in answer["updated_users"]}
        assert AuditEvent.objects.filter(event="member.added", team_id=cell.target.pk).count() == 1

    return check


def member_add(role: str, person: str, stored: str) -> Call:
    return Call(
        "POST", "/team/member_add", adding(role, person), own=objects.team, sibling=objects.sibling_team,
        foreign=objects.foreign_team, denied=IN_TEAM, event="member.added", check=added(stored, person),
    )  # fmt: skip


UNKNOWN, ELSEWHERE, READER = "newcomer@example.com", "loner@example.com", "reader@acme.example.com"

ROWS: dict[str, tuple[Call, ...]] = {
    "TEM-02": (
        member_add("user", UNKNOWN, "user"),
        member_add("internal_user", ELSEWHERE, "user"),
        member_add("user", READER, "user"),
    ),
    "TEM-03": (member_add("admin", UNKNOWN, "admin"), member_add("admin", READER, "admin")),
}
