"""Changing, deleting and blocking organizations and teams; changing and removing their members."""

from typing import Any

from keys.models import Key
from orgs.models import Organization
from rbacadmin.models import Archived
from teams.models import Membership, Team
from tests.matrix import objects
from tests.matrix.calls import IN_ORGANIZATION, IN_TEAM, Call, Cell

ORGANIZATION: dict[str, Any] = {
    "own": objects.organization,
    "foreign": objects.foreign_organization,
    "denied": IN_ORGANIZATION,
}
TEAM: dict[str, Any] = {
    "own": objects.team,
    "sibling": objects.sibling_team,
    "foreign": objects.foreign_team,
    "denied": IN_TEAM,
}
DOLLAR = 10**9


def update(**fields: Any) -> Call:
    columns = {"alias" if name == "organization_alias" else name: value for name, value in fields.items()}

    def check(cell: Cell, answer: Any) -> None:
        row = Organization.objects.get(pk=cell.target.pk)
        for name, value in columns.items():
            assert getattr(row, name) == (value * DOLLAR if name == "max_budget" else value)
        assert answer["organization_id"] == cell.ident

    return Call(
        "POST", "/organization/update", lambda cell: {"organization_id": cell.ident, **fields},
        event="organization.updated", check=check, **ORGANIZATION,
    )  # fmt: skip


def gone(model: Any) -> Any:
    def check(cell: Cell, answer: Any) -> None:
        assert not model.objects.filter(pk=cell.target.pk).exists()
        assert not Key.objects.filter(**{cell.target.kind: cell.target.pk}).exists()
        assert not Membership.objects.filter(**{cell.target.kind: cell.target.pk}).exists()
        assert Archived.objects.filter(object_id=str(cell.target.pk)).count() == 1

    return check


def members_listed(cell: Cell, answer: Any) -> None:
    people = {member["user_id"] for member in answer["members"]}
    everybody = cell.persona in ("proxy_admin", "proxy_admin_viewer", "org_admin", "other_org_admin")
    assert people == ({user.email for user in cell.side.people.values()} if everybody else {cell.user.email})
    assert answer["total"] == len(answer["members"])


def person(cell: Cell) -> str:
    """Whom it is done to: somebody of the scope who leads nobody."""
    if cell.target is None or cell.target.kind == "organization":
        return str(cell.side.reader.email)
    names = {cell.side.team.pk: "colleague", cell.side.granted_team.pk: "granted_colleague"}
    return str(getattr(cell.side, names.get(cell.target.pk, "outsider")).email)


def of_person(**fields: Any) -> Any:
    return lambda cell: {f"{cell.target.kind}_id": cell.ident, "user_id": person(cell), **fields}


def membership(cell: Cell) -> Any:
    return Membership.objects.filter(user__email=person(cell), group=cell.target.group)


def now(**columns: Any) -> Any:
    def check(cell: Cell, answer: Any) -> None:
        row = membership(cell).get()
        assert {name: getattr(row, name) for name in columns} == columns

    return check


def removed(cell: Cell, answer: Any) -> None:
    assert not membership(cell).exists()
    assert not Key.objects.filter(user__email=person(cell), **{cell.target.kind: cell.target}).exists()


def member(verb: str, kind: str, check: Any, **fields: Any) -> Call:
    scope = ORGANIZATION if kind == "organization" else TEAM
    event = {"update": "member.updated", "delete": "member.removed"}[verb]
    return Call("POST", f"/{kind}/member_{verb}", of_person(**fields), event=event, check=check, **scope)


def own_limit(cell: Cell) -> dict[str, Any]:
    return {"team_id": cell.ident, "user_id": cell.world.here.team_admin.email, "max_budget_in_team": 5}


def blocked(is_blocked: bool) -> Any:
    def check(cell: Cell, answer: Any) -> None:
        assert answer["blocked"] is is_blocked
        assert Team.objects.get(pk=cell.target.pk).blocked == is_blocked

    return check


def blocked_before(cell: Cell) -> None:
    Team.objects.filter(pk=cell.target.pk).update(blocked_by="team")


def by_team(cell: Cell) -> dict[str, Any]:
    return {"team_id": cell.ident}


ROWS: dict[str, tuple[Call, ...]] = {
    "ORG-04": (update(organization_alias="renamed", metadata={"floor": 3}),),
    "ORG-05": (update(max_budget=500), update(max_budget=2000)),
    "ORG-06": (update(rpm_limit=5, tpm_limit=500),),
    "ORG-07": (update(models=["gpt-4"]),),
    "ORG-08": (
        Call("POST", "/organization/delete", lambda cell: {"organization_ids": [cell.ident]},
             event="organization.deleted", check=gone(Organization), **ORGANIZATION),
    ),
    "ORM-01": (
        Call("GET", "/organization/members", lambda cell: {"organization_id": cell.ident}, check=members_listed,
             **ORGANIZATION),
    ),
    "ORM-05": (member("update", "organization", now(role="org_admin"), role="owner"),),
    "ORM-06": (member("delete", "organization", removed),),
    "TEA-14": (
        Call("POST", "/team/delete", lambda cell: {"team_ids": [cell.ident]}, event="team.deleted", check=gone(Team),
             **TEAM),
    ),
    "TEA-15": (Call("POST", "/team/block", by_team, event="team.blocked", check=blocked(True), **TEAM),),
    "TEA-16": (
        Call("POST", "/team/unblock", by_team, event="team.unblocked", arrange=blocked_before, check=blocked(False),
             **TEAM),
    ),
    "TEM-04": (member("update", "team", now(role="admin"), role="admin"),),
    "TEM-05": (
        member("update", "team", now(max_budget=5 * DOLLAR, rpm_limit=5), max_budget_in_team=5, rpm_limit=5),
    ),
    "TEM-06": (
        Call("POST", "/team/member_update", own_limit, own=lambda world, persona: world.here.team,
             denied={**IN_TEAM, "team_member_granted": 404}, event="member.updated"),
    ),
    "TEM-07": (member("delete", "team", removed),),
}  # fmt: skip
