"""PRJ and PRM: projects and their members."""

from typing import Any

from keys.models import Key
from orgs.models import Project
from rbacadmin.models import Archived
from teams.models import Membership
from tests.matrix import objects
from tests.matrix.calls import EVERYBODY, IN_ORGANIZATION, IN_PROJECT, NO_OBJECT, Call, Cell

PROJECT: dict[str, Any] = {
    "own": objects.project,
    "sibling": objects.sibling_project,
    "foreign": objects.foreign_project,
    "denied": IN_PROJECT,
}
INSIDE: dict[str, Any] = {name: PROJECT[name] for name in ("own", "foreign", "denied")}
DOLLAR = 10**9
LEADS = ("proxy_admin", "proxy_admin_viewer", "org_admin", "project_owner", "other_org_admin")
PEOPLE = ("project_owner", "project_member", "project_colleague")


def by_project(**fields: Any) -> Any:
    return lambda cell: {"project_id": cell.ident, **fields}


def created(cell: Cell, answer: Any) -> None:
    project = Project.objects.get(public_id=answer["project_id"])
    assert (project.organization, project.alias) == (cell.target, "newly planned")
    assert not project.memberships.exists(), "nobody is added who is not named"


def people_seen(cell: Cell) -> set[str]:
    names = PEOPLE if cell.where != "sibling" else ()
    return {getattr(cell.side, name).email for name in names} if cell.persona in LEADS else {cell.user.email}


def read(cell: Cell, answer: Any) -> None:
    assert answer["project_id"] == cell.ident
    assert {member["user_id"] for member in answer["members"]} == people_seen(cell)
    assert ("spend" in answer) == (cell.persona in LEADS)


def members_listed(cell: Cell, answer: Any) -> None:
    assert {member["user_id"] for member in answer["members"]} == people_seen(cell)
    assert answer["total"] == len(answer["members"])


def listed(cell: Cell, answer: Any) -> None:
    here, there = cell.world.here, cell.world.there
    platform = [here.project, here.other_project, there.project, there.other_project]
    seen = {
        "proxy_admin": platform,
        "proxy_admin_viewer": platform,
        "org_admin": [here.project, here.other_project],
        "project_owner": [here.project],
        "project_member": [here.project],
        "other_org_admin": [there.project, there.other_project],
    }.get(cell.persona, [])
    expected = {row.public_id for row in seen if cell.target is None or row.organization_id == cell.target.pk}
    assert {row["project_id"] for row in answer} == expected


def listing(method: str) -> Call:
    return Call(
        method, "/project/list", lambda cell: {"organization_id": cell.ident}, own=objects.organization,
        foreign=objects.foreign_organization, denied=NO_OBJECT, beyond=EVERYBODY, check=listed,
    )  # fmt: skip


def update(arrange: dict[str, Any] | None = None, check: dict[str, Any] | None = None, **fields: Any) -> Call:
    def stored(cell: Cell) -> None:
        Project.objects.filter(pk=cell.target.pk).update(**(arrange or {"max_budget": None}))

    def now(cell: Cell, answer: Any) -> None:
        row = Project.objects.get(pk=cell.target.pk)
        assert {name: getattr(row, name) for name in check or {}} == (check or {})

    return Call("POST", "/project/update", by_project(**fields), event="project.updated", arrange=stored, check=now,
                **PROJECT)  # fmt: skip


def gone(cell: Cell, answer: Any) -> None:
    assert not Project.objects.filter(pk=cell.target.pk).exists()
    assert not Key.objects.filter(project=cell.target.pk).exists()
    assert Archived.objects.filter(object_id=str(cell.target.pk)).count() == 1


def adding(role: str) -> Call:
    def body(cell: Cell) -> dict[str, Any]:
        return {"project_id": cell.ident, "member": {"role": role, "user_id": cell.side.reader.email}}

    def added(cell: Cell, answer: Any) -> None:
        assert Membership.objects.get(project=cell.target, user=cell.side.reader).role == role

    return Call("POST", "/project/member_add", body, event="member.added", check=added, **PROJECT)


def of_colleague(**fields: Any) -> Any:
    return lambda cell: {"project_id": cell.ident, "user_id": cell.side.project_colleague.email, **fields}


def promoted(cell: Cell, answer: Any) -> None:
    assert Membership.objects.get(project=cell.target, user=cell.side.project_colleague).role == "owner"


def removed(cell: Cell, answer: Any) -> None:
    assert not Membership.objects.filter(project=cell.target, user=cell.side.project_colleague).exists()
    assert not Key.objects.filter(project=cell.target, user=cell.side.project_colleague).exists()


CAP = {"max_budget": 100 * DOLLAR, "rpm_limit": 100}

ROWS: dict[str, tuple[Call, ...]] = {
    "PRJ-01": (
        Call("POST", "/project/new", lambda cell: {"title": "newly planned", "organization_id": cell.ident},
             own=objects.organization, foreign=objects.foreign_organization, denied=IN_ORGANIZATION,
             event="project.created", check=created),
    ),
    "PRJ-02": (Call("GET", "/project/info", by_project(), check=read, **PROJECT),),
    "PRJ-03": (
        listing("GET"),
        listing("POST"),
        Call("GET", "/project/list", lambda cell: {}, denied=NO_OBJECT, check=listed),
    ),
    "PRJ-04": (
        update(title="renamed", metadata={"floor": 3}, check={"alias": "renamed", "metadata": {"floor": 3}}),
        update(project_alias="renamed", check={"alias": "renamed"}),
    ),
    "PRJ-05": (
        update(max_budget=150, arrange=CAP, check={"max_budget": 150 * DOLLAR}),
        update(rpm_limit=None, arrange=CAP, check={"rpm_limit": None}),
        update(models=["gpt-4"], check={"models": ["gpt-4"]}),
    ),
    "PRJ-06": (
        Call("POST", "/project/delete", lambda cell: {"project_ids": [cell.ident]}, event="project.deleted",
             check=gone, **PROJECT),
    ),
    "PRJ-07": (
        update(max_budget=50, arrange=CAP, check={"max_budget": 50 * DOLLAR}),
        update(max_budget=50, check={"max_budget": 50 * DOLLAR}),
    ),
    "PRM-01": (Call("GET", "/project/members", by_project(), check=members_listed, **PROJECT),),
    "PRM-02": (adding("member"),),
    "PRM-03": (adding("owner"),),
    "PRM-04": (
        Call("POST", "/project/member_update", of_colleague(role="owner"), event="member.updated", check=promoted,
             **INSIDE),
    ),
    "PRM-05": (
        Call("POST", "/project/member_delete", of_colleague(), event="member.removed", check=removed, **INSIDE),
    ),
}  # fmt: skip
