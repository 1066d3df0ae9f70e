"""ORG and ORM: organizations and their members."""

from typing import Any

from orgs.models import Organization
from teams.models import Membership
from tests.matrix import objects
from tests.matrix.calls import EVERYBODY, IN_ORGANIZATION, NO_OBJECT, Call, Cell

HIDDEN = {"max_budget", "spend", "models", "metadata", "litellm_budget_table", "blocked", "created_by"}
OWN_ONLY = {"internal_user_no_team", "internal_user_viewer", "anonymous"}  # who belongs to no organization


def created(cell: Cell, answer: Any) -> None:
    organization = Organization.objects.get(public_id=answer["organization_id"])
    assert organization.alias == "newly founded"
    assert not organization.memberships.exists(), "nobody is added who is not named"


def read(cell: Cell, answer: Any) -> None:
    assert answer["organization_id"] == cell.ident
    people = {member["user_id"] for member in answer["members"]}
    if cell.persona in ("proxy_admin", "proxy_admin_viewer", "org_admin", "other_org_admin"):
        assert answer["max_budget"] == 1000
        assert people == {user.email for user in cell.side.people.values()}
        assert len(answer["teams"]) == 3
    else:
        assert not HIDDEN & set(answer), "the name and the own membership, nothing else"
        assert people == {cell.user.email}


def listed(cell: Cell, answer: Any) -> None:
    rows = answer if isinstance(answer, list) else answer["organizations"]
    here, there = cell.world.here.organization.public_id, cell.world.there.organization.public_id
    seen = {"other_org_admin": {there}}.get(cell.persona, set() if cell.persona in OWN_ONLY else {here})
    if cell.persona in ("proxy_admin", "proxy_admin_viewer"):
        seen = {here, there}
    expected = seen & {cell.ident} if cell.where == "foreign" else seen
    assert {row["organization_id"] for row in rows} == expected
    if not isinstance(answer, list):
        assert answer["total"] == len(expected), "what is not seen is not counted"


def filtered(cell: Cell) -> dict[str, Any]:
    return {"org_id": cell.ident} if cell.where == "foreign" else {}


def adding(role: str) -> Any:
    def body(cell: Cell) -> dict[str, Any]:
        return {"organization_id": cell.ident, "member": {"role": role, "user_id": "newcomer@example.com"}}

    return body


def added(role: str) -> Any:
    def check(cell: Cell, answer: Any) -> None:
        membership = Membership.objects.get(user__email="newcomer@example.com")
        assert (membership.organization, membership.role) == (cell.target, role)
        assert membership.user.platform_role == "internal_user", "a scoped role is no platform role"
        assert answer["updated_users"] == [{"user_id": "newcomer@example.com", "user_email": "newcomer@example.com"}]

    return check


def member_add(role: str, **more: Any) -> Call:
    more = {"denied": IN_ORGANIZATION, **more}
    return Call(
        "POST", "/organization/member_add", adding(role), own=objects.organization,
        foreign=objects.foreign_organization, event="member.added", check=added(role), **more,
    )  # fmt: skip


def listing(method: str, path: str) -> Call:
    return Call(
        method, path, filtered, own=objects.organization, foreign=objects.foreign_organization,
        denied=NO_OBJECT, beyond=EVERYBODY, check=listed,
    )  # fmt: skip


ROWS: dict[str, tuple[Call, ...]] = {
    "ORG-01": (
        Call("POST", "/organization/new", lambda cell: {"organization_alias": "newly founded", "max_budget": 20},
             denied=NO_OBJECT, event="organization.created", check=created),
    ),
    "ORG-02": (
        Call("GET", "/organization/info", lambda cell: {"organization_id": cell.ident}, own=objects.organization,
             foreign=objects.foreign_organization, denied=IN_ORGANIZATION, check=read),
    ),
    "ORG-03": (
        listing("GET", "/organization/list"),
        listing("POST", "/organization/list"),
        listing("GET", "/v2/organization/list"),
    ),
    "ORM-02": (member_add("internal_user"),),
    "ORM-03": (member_add("org_admin"),),
    # An unknown role is a broken rule for whoever may add people; everybody else is refused before (rulebook 25).
    "ORM-04": (member_add("proxy_admin", denied={**IN_ORGANIZATION, "proxy_admin": 400, "org_admin": 400}),),
}  # fmt: skip
