"""KEY, first part: making keys, and keys of one's own."""

from typing import Any

from keys.models import Key
from tests.matrix import objects
from tests.matrix.calls import (
    CARRIED_KEY,
    IN_PROJECT,
    IN_TEAM,
    INVISIBLE,
    NO_OBJECT,
    OWN,
    TEAM_KEY,
    Call,
    Cell,
)

PERSONAL: dict[str, Any] = {
    "own": objects.personal_key,
    "sibling": objects.sibling_personal_key,
    "foreign": objects.foreign_personal_key,
    "denied": OWN,
}
# An organization's admin sees the personal keys that it carries, and may only block and delete them (rulebook 16).
SEEN_FROM_ABOVE = {"org_admin": 403}
SHARED: dict[str, Any] = {"sibling": objects.sibling_team_key, "foreign": objects.foreign_team_key}


def by_key(**fields: Any) -> Any:
    return lambda cell: {"key": cell.ident, **fields}


def by_keys(cell: Cell) -> dict[str, Any]:
    return {"keys": [cell.ident]}


def made(cell: Cell, answer: Any) -> Key:
    """The key of an answer; its secret stands there and nowhere else."""
    key = Key.objects.get(Key.named(answer["key"]))
    assert answer["key"].startswith("sk-")
    assert answer["token"] == key.token
    return key


def for_myself(cell: Cell, answer: Any) -> None:
    key = made(cell, answer)
    assert key.user == cell.user
    assert key.is_personal
    assert answer["user_id"] == cell.user.public_id


def for_another(cell: Cell, answer: Any) -> None:
    assert made(cell, answer).user == companion(cell)


def in_scope(cell: Cell, answer: Any) -> None:
    key = made(cell, answer)
    assert cell.target in (key.team, key.project)
    assert key.organization == cell.side.organization
    assert key.user == cell.user


def service(cell: Cell, answer: Any) -> None:
    key = made(cell, answer)
    assert cell.target in (key.team, key.project)
    assert key.kind == "service"
    assert answer["user_id"] is None


def companion(cell: Cell) -> Any:
    """Somebody in the scope that the request names."""
    people = {
        "own": objects.colleague(cell.world, cell.persona),
        "sibling": objects.sibling_person(cell.world),
        "foreign": objects.foreign_person(cell.world),
    }
    return people[cell.where]


def team_or_project(world: Any, persona: str) -> Any:
    project = persona in ("project_owner", "project_member")
    return objects.project(world, persona) if project else objects.team(world, persona)


def for_companion(cell: Cell) -> dict[str, Any]:
    name = "project_id" if getattr(cell.target, "kind", "") == "project" else "team_id"
    return {name: cell.ident, "user_id": companion(cell).email}


# Whom the caller does not see is not there, whatever else the request says. The owner of a project sees its people.
FOR_ANOTHER = {**INVISIBLE, "project_owner": 403}


def info(cell: Cell, answer: Any) -> None:
    found = answer["info"]
    assert found["token"] == cell.target.token
    assert cell.target.secret not in str(answer)


def spend_of_others_is_hidden(cell: Cell, answer: Any) -> None:
    info(cell, answer)
    hidden = cell.persona in ("team_member", "team_member_granted")
    assert (answer["info"]["spend"] is None) == hidden, "other people's spend is for admins (rulebook 20)"


def healthy(cell: Cell, answer: Any) -> None:
    assert answer["key"] == "healthy"


def own_info(cell: Cell, answer: Any) -> None:
    assert answer["info"]["user_id"] == cell.user.public_id
    assert cell.world.secrets[cell.name or ""] not in str(answer)


def no_secret(cell: Cell, answer: Any) -> None:
    secrets = [key.secret for side in (cell.world.here, cell.world.there) for key in side.keys.values()]
    assert not any(secret in str(answer) for secret in [*secrets, *cell.world.secrets.values()])


def generate(body: Any, **more: Any) -> Call:
    return Call("POST", "/key/generate", body, event="key.generated", **more)


# Everybody may ask, nobody is told: here a refusal is an answer without the secret.
ANSWERED = {**dict.fromkeys(OWN, 200), "anonymous": 401}

ROWS: dict[str, tuple[Call, ...]] = {
    "KEY-01": (
        generate(lambda cell: {}, denied=NO_OBJECT, check=for_myself),
        generate(lambda cell: {"user_id": cell.user.email if cell.name else "nobody@example.com"}, denied=NO_OBJECT,
                 check=for_myself),
    ),
    "KEY-02": (
        generate(for_companion, own=team_or_project, sibling=objects.sibling_team, foreign=objects.foreign_team,
                 denied=FOR_ANOTHER, check=for_another),
        # Without a team it is the organization's business; a team's admin sees the person but not that right.
        generate(lambda cell: {"user_id": cell.ident}, own=objects.colleague, sibling=objects.sibling_person,
                 foreign=objects.foreign_person, denied={**INVISIBLE, "project_owner": 403},
                 only=("proxy_admin", "proxy_admin_viewer", "org_admin", "org_reader", "team_member", "anonymous",
                       "team_member_granted", "project_owner", "project_member", "internal_user_no_team",
                       "internal_user_viewer", "other_org_admin")),
    ),
    "KEY-03": (
        generate(lambda cell: {"team_id": cell.ident}, own=objects.team, sibling=objects.sibling_team,
                 foreign=objects.foreign_team, denied=IN_TEAM, check=in_scope),
    ),
    "KEY-04": (
        Call("POST", "/key/service-account/generate", lambda cell: {"team_id": cell.ident}, own=objects.team,
             sibling=objects.sibling_team, foreign=objects.foreign_team, denied=IN_TEAM, event="key.generated",
             check=service),
    ),
    "KEY-05": (
        generate(lambda cell: {"project_id": cell.ident}, own=objects.project, sibling=objects.sibling_project,
                 foreign=objects.foreign_project, denied=IN_PROJECT, check=in_scope),
    ),
    "KEY-06": (
        Call("GET", "/key/info", by_key(), check=info, **PERSONAL),
        Call("GET", "/key/info", lambda cell: {}, check=own_info, denied=OWN),
    ),
    "KEY-07": (
        Call("GET", "/key/info", by_key(), check=spend_of_others_is_hidden, own=objects.anothers_team_key, **SHARED,
             denied=TEAM_KEY),
        Call("GET", "/key/info", by_key(), own=objects.team_service_key, denied=TEAM_KEY),
    ),
    "KEY-08": (
        Call("GET", "/key/info", by_key(), own=objects.outside_key, denied=INVISIBLE),
    ),
    "KEY-09": (
        Call("GET", "/key/health", by_key(), check=healthy, **PERSONAL),
        Call("POST", "/key/health", lambda cell: {}, check=healthy, denied=OWN),
    ),
    "KEY-10": (
        Call("GET", "/key/health", by_key(), check=healthy, own=objects.anothers_team_key, **SHARED, denied=TEAM_KEY),
        Call("POST", "/key/health", by_key(), check=healthy, own=objects.anothers_team_key, denied=TEAM_KEY),
    ),
    "KEY-29": (
        Call("GET", "/key/info", by_key(), own=objects.personal_key, denied=ANSWERED, check=no_secret),
        Call("GET", "/key/list", lambda cell: {"return_full_object": "true", "size": 100}, denied=ANSWERED,
             check=no_secret),
        Call("GET", "/user/info", lambda cell: {}, denied=ANSWERED, check=no_secret),
    ),
    "KEY-31": (
        Call("POST", "/key/block", by_key(), own=lambda world, persona: world.here.keys["outsider_personal"],
             foreign=objects.foreign_personal_key, denied=CARRIED_KEY, event="key.blocked"),
        Call("POST", "/key/delete", by_keys, own=lambda world, persona: world.here.keys["outsider_personal"],
             foreign=objects.foreign_personal_key, denied=CARRIED_KEY, event="key.deleted"),
        Call("GET", "/key/info", by_key(), own=lambda world, persona: world.here.keys["outsider_personal"],
             foreign=objects.foreign_personal_key, denied={**CARRIED_KEY, "proxy_admin_viewer": 200}, check=info),
    ),
}  # fmt: skip
