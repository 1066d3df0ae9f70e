"""USR and EXP: people, and why somebody may do something."""

from typing import Any

from rbacadmin.policy import Action
from teams.models import User
from tests.matrix import objects
from tests.matrix.calls import IN_ORGANIZATION, NO_OBJECT, OWN, PLATFORM, Call, Cell, refusals
from tests.matrix.keys import companion, team_or_project

NEW = "newcomer@example.com"
SECRETS = {"password", "last_login", "is_superuser", "is_staff", "preferences"}
# Organization admins, team admins and project owners see the people of their scope.
SEEN = refusals(*PLATFORM, "org_admin", "team_admin", "project_owner")


def created(role: str, *, inside: bool) -> Any:
    def check(cell: Cell, answer: Any) -> None:
        user = User.objects.get(email=NEW)
        assert (answer["user_id"], answer["user_role"], user.platform_role) == (NEW, role, role)
        assert list(user.memberships.values_list("organization", "role")) == (
            [(cell.target.pk, "internal_user")] if inside else []
        )
        assert answer["key"].startswith("sk-")

    return check


def in_organization(role: str | None) -> Any:
    def body(cell: Cell) -> dict[str, Any]:
        return {"organization_id": cell.ident, "user_email": NEW, **({"user_role": role} if role else {})}

    return body


def new(body: Any, **more: Any) -> Call:
    return Call("POST", "/user/new", body, event="user.created", **more)


def inside(role: str | None, check: Any, **more: Any) -> Call:
    more = {"denied": IN_ORGANIZATION, "own": objects.organization, "foreign": objects.foreign_organization, **more}
    return new(in_organization(role), check=check, **more)


def oneself(cell: Cell, answer: Any) -> None:
    assert answer["user_id"] == answer["user_info"]["user_id"] == cell.user.email
    assert not SECRETS & set(answer["user_info"])
    assert {key["user_id"] for key in answer["keys"]} == {cell.user.email}
    assert {"max_budget", "spend"} <= set(answer["user_info"]), "one's own budget and spend"


def another(cell: Cell, answer: Any) -> None:
    """Scoped admins see the person, but neither their personal budget nor what they do elsewhere (USR-05)."""
    assert answer["user_info"]["user_id"] == cell.ident
    assert not SECRETS & set(answer["user_info"])
    if cell.persona == "team_admin":
        assert "max_budget" not in answer["user_info"]
        assert {key["team_id"] for key in answer["keys"]} <= {cell.world.here.team.public_id}
        assert {team["team_id"] for team in answer["teams"]} == {cell.world.here.team.public_id}
    if cell.persona == "project_owner":
        assert "max_budget" not in answer["user_info"]
        assert {key["project_id"] for key in answer["keys"]} <= {cell.world.here.project.public_id}


def people_listed(cell: Cell, answer: Any) -> None:
    here, there = cell.world.here.people, cell.world.there.people
    team = ("team_admin", "second_team_admin", "member", "colleague")
    everybody = [*here.values(), *there.values(), *cell.world.people.values()]
    seen = {
        "proxy_admin": everybody,
        "proxy_admin_viewer": everybody,
        "org_admin": here.values(),
        "team_admin": [here[name] for name in team],
        "project_owner": [here[name] for name in ("project_owner", "project_member", "project_colleague")],
        "other_org_admin": there.values(),
    }[cell.persona]
    assert {user["user_id"] for user in answer["users"]} == {user.email for user in seen}
    assert answer["total"] == len(answer["users"])


def explained(cell: Cell, answer: Any) -> None:
    assert answer["action"] == "view_people"
    assert answer["allowed"] is True


def asked_about_oneself(cell: Cell) -> dict[str, Any]:
    person = cell.user.email if cell.name else "nobody@example.com"
    return {"action": "view_people", "kind": "user", "object": person}


def asked_about_another(cell: Cell) -> dict[str, Any]:
    scope = team_or_project(cell.world, cell.persona) if cell.where == "own" else cell.side.team
    if cell.where == "sibling":
        scope = cell.side.other_team
    action = Action.VIEW_PROJECTS if scope.kind == "project" else Action.SEE_TEAMS
    return {"action": action.value, "kind": scope.kind, "object": scope.public_id, "person": cell.ident}


def asked_who(cell: Cell) -> dict[str, Any]:
    action = Action.VIEW_PROJECTS if cell.target.kind == "project" else Action.SEE_TEAMS
    return {"action": action.value, "kind": cell.target.kind, "object": cell.ident}


def told(cell: Cell, answer: Any) -> None:
    assert answer["allowed"] is True
    assert answer["subject"] == cell.target.email


def told_who(cell: Cell, answer: Any) -> None:
    assert companion(cell).email in {person["user_id"] for person in answer["people"]}


ROWS: dict[str, tuple[Call, ...]] = {
    "USR-01": (
        inside("internal_user", created("internal_user", inside=True)),
        inside("internal_user_viewer", created("internal_user_viewer", inside=True)),
        inside(None, created("internal_user", inside=True)),
    ),
    "USR-02": (
        new(lambda cell: {"user_email": NEW}, denied=NO_OBJECT, check=created("internal_user", inside=False)),
    ),
    "USR-03": (
        new(lambda cell: {"user_email": NEW, "user_role": "proxy_admin"}, denied=NO_OBJECT,
            check=created("proxy_admin", inside=False)),
        new(lambda cell: {"user_email": NEW, "user_role": "proxy_admin_viewer"}, denied=NO_OBJECT,
            check=created("proxy_admin_viewer", inside=False)),
        inside("proxy_admin", created("proxy_admin", inside=True)),
        inside("proxy_admin_viewer", created("proxy_admin_viewer", inside=True)),
    ),
    "USR-04": (
        Call("GET", "/user/info", lambda cell: {}, denied=OWN, check=oneself),
        Call("GET", "/user/info", lambda cell: {"user_id": cell.user.email if cell.name else "x@example.com"},
             denied=OWN, check=oneself),
    ),
    "USR-05": (
        Call("GET", "/user/info", lambda cell: {"user_id": cell.ident}, own=objects.colleague,
             sibling=objects.sibling_person, foreign=objects.foreign_person, denied=SEEN, check=another),
    ),
    "USR-06": (
        Call("GET", "/user/list", lambda cell: {"page_size": 100}, denied=NO_OBJECT, check=people_listed),
        Call("POST", "/user/list", lambda cell: {"page_size": 100}, denied=NO_OBJECT, check=people_listed),
    ),
    "EXP-01": (
        Call("POST", "/access/explain", asked_about_oneself, denied=OWN, check=explained),
        Call("POST", "/access/explain", lambda cell: {"action": "create_organizations"}, denied=OWN),
    ),
    "EXP-02": (
        Call("POST", "/access/explain", asked_about_another, own=objects.colleague, sibling=objects.sibling_person,
             foreign=objects.foreign_person, denied=SEEN, check=told),
        Call("GET", "/access/who-can", asked_who, own=team_or_project, sibling=objects.sibling_team,
             foreign=objects.foreign_team, check=told_who,
             denied=refusals(*PLATFORM, "org_admin", "team_admin", "team_member", "team_member_granted",
                             "project_owner", "project_member")),
    ),
}  # fmt: skip
