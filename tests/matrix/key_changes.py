"""KEY, second part: changing, deleting and blocking keys."""

from typing import Any

from keys import secrets
from keys.models import Key
from rbacadmin.models import Archived
from tests.matrix import objects
from tests.matrix.calls import INVISIBLE, OWN, PROJECT_KEY, TEAM_KEY, Call, Cell
from tests.matrix.keys import PERSONAL, SEEN_FROM_ABOVE, SHARED, by_key, by_keys

PROJECT: dict[str, Any] = {
    "own": objects.project_key,
    "sibling": objects.sibling_team_key,
    "foreign": objects.foreign_project_key,
    "denied": PROJECT_KEY,
}


def now(**columns: Any) -> Any:
    def check(cell: Cell, answer: Any) -> None:
        key = Key.objects.get(pk=cell.target.pk)
        assert {name: getattr(key, name) for name in columns} == columns

    return check


def gone(cell: Cell, answer: Any) -> None:
    assert answer == {"deleted_keys": [cell.ident]}
    assert not Key.objects.filter(pk=cell.target.pk).exists()
    assert Archived.objects.filter(object_id=str(cell.target.pk)).count() == 1


def is_blocked(cell: Cell, answer: Any) -> None:
    assert answer["blocked"] is True
    assert Key.objects.get(pk=cell.target.pk).blocked_by != ""


def stored(**columns: Any) -> Any:
    def arrange(cell: Cell) -> None:
        Key.objects.filter(pk=cell.target.pk).update(**columns)

    return arrange


def blocked_from_above(cell: Cell) -> None:
    """By the level above the key's owner: the organization where there is one, else the platform."""
    Key.objects.filter(pk=cell.target.pk).update(
        blocked_by="organization" if cell.target.organization_id else "platform"
    )


def update(fields: dict[str, Any], **more: Any) -> Call:
    return Call("POST", "/key/update", by_key(**fields), event="key.updated", **more)


def delete(**more: Any) -> Call:
    return Call("POST", "/key/delete", by_keys, event="key.deleted", check=gone, **more)


def block(**more: Any) -> Call:
    return Call("POST", "/key/block", by_key(), event="key.blocked", check=is_blocked, **more)


def renewed(cell: Cell, answer: Any) -> None:
    """The secret is new, and told in this answer only."""
    key = Key.objects.get(pk=cell.target.pk)
    assert key.token == secrets.digest(answer["key"]) == answer["token"] != cell.ident
    assert cell.target.secret not in str(answer)


def regenerate(**more: Any) -> Call:
    return Call("POST", "/key/regenerate", by_key(), event="key.regenerated", check=renewed, **more)


def unblock(**more: Any) -> Call:
    more = {"arrange": stored(blocked_by="owner"), "check": now(blocked_by=""), **more}
    return Call("POST", "/key/unblock", by_key(), event="key.unblocked", **more)


OWN_TEAM: dict[str, Any] = {"own": objects.own_team_key, "denied": TEAM_KEY, **SHARED}
ANOTHERS: dict[str, Any] = {"own": objects.anothers_team_key, "denied": TEAM_KEY, **SHARED}
SERVICE: dict[str, Any] = {"own": objects.team_service_key, "denied": TEAM_KEY}
# Above the cap: a broken rule for whoever may change the key at all, refused before that for everybody else.
CAPPED = {**TEAM_KEY, **dict.fromkeys(("proxy_admin", "org_admin", "team_admin", "team_member_granted"), 400)}
PROJECT_CAPPERS = ("proxy_admin", "org_admin", "project_owner", "project_member")
CAPPED_IN_PROJECT = {**PROJECT_KEY, **dict.fromkeys(PROJECT_CAPPERS, 400)}
ORGANIZATIONS_PEOPLE = (
    *("org_admin", "org_reader", "team_admin", "team_member", "team_member_granted", "project_owner"),
    *("project_member", "other_org_admin"),
)
CAPPED_PERSONAL = {**OWN, **dict.fromkeys(ORGANIZATIONS_PEOPLE, 400)}
# Whose own key is not even visible to a colleague in the project.
NOT_THEIRS = {**PROJECT, "own": lambda world, persona: world.here.keys["project_colleague_project"]}

ROWS: dict[str, tuple[Call, ...]] = {
    "KEY-12": (
        update({"key_alias": "renamed"}, check=now(alias="renamed"), beyond=SEEN_FROM_ABOVE, **PERSONAL),
        update({"max_budget": 5}, check=now(max_budget=5 * 10**9), beyond=SEEN_FROM_ABOVE, **PERSONAL),
        update({"max_budget": 5}, arrange=stored(max_budget=9 * 10**9), check=now(max_budget=5 * 10**9), **PERSONAL,
               beyond=SEEN_FROM_ABOVE),
    ),
    "KEY-13": (update({"key_alias": "renamed"}, check=now(alias="renamed"), **OWN_TEAM),),
    "KEY-14": (
        update({"key_alias": "renamed"}, check=now(alias="renamed"), **ANOTHERS),
        update({"max_budget": 5, "rpm_limit": 5}, check=now(max_budget=5 * 10**9, rpm_limit=5), **ANOTHERS),
        update({"key_alias": "renamed"}, check=now(alias="renamed"), **SERVICE),
    ),
    "KEY-15": (
        update({"max_budget": 101}, own=objects.anothers_team_key, denied=CAPPED),
        update({"rpm_limit": 101}, own=objects.anothers_team_key, denied=CAPPED),
        update({"models": ["gpt-5"]}, own=objects.anothers_team_key, denied=CAPPED),
        update({"max_budget": 101}, own=objects.project_key, denied=CAPPED_IN_PROJECT),
        update({"max_budget": 1001}, own=objects.personal_key, denied=CAPPED_PERSONAL,
               only=(*ORGANIZATIONS_PEOPLE, "anonymous", "proxy_admin_viewer", "internal_user_viewer")),
    ),
    "KEY-18": (
        update({"allowed_routes": []}, arrange=stored(allowed_routes=["/key/info"]), check=now(allowed_routes=[]),
               **PERSONAL, beyond=SEEN_FROM_ABOVE),
        update({"permissions": {"get_spend_routes": True}}, **ANOTHERS),
        update({"key_type": "default"}, arrange=stored(allowed_routes=["info_routes"]), check=now(allowed_routes=[]),
               **OWN_TEAM),
        update({"allowed_routes": []}, arrange=stored(allowed_routes=["/key/info"]), check=now(allowed_routes=[]),
               **{**PROJECT, "denied": {**PROJECT_KEY, "project_member": 403}}),
    ),
    "KEY-19": (delete(**PERSONAL),),
    "KEY-20": (delete(**OWN_TEAM),),
    "KEY-21": (delete(**ANOTHERS), delete(**SERVICE)),
    "KEY-22": (regenerate(**PERSONAL, beyond=SEEN_FROM_ABOVE),),
    "KEY-23": (regenerate(**OWN_TEAM), regenerate(**ANOTHERS), regenerate(**SERVICE)),
    "KEY-24": (block(**OWN_TEAM), block(**ANOTHERS), block(**SERVICE)),
    "KEY-25": (unblock(**OWN_TEAM), unblock(**ANOTHERS)),
    "KEY-26": (block(**PERSONAL), unblock(**PERSONAL)),
    "KEY-27": (
        unblock(
            arrange=blocked_from_above, denied={**OWN, "other_org_admin": 404},
            own=lambda world, persona: (
                world.here.keys["reader_personal"] if persona == "other_org_admin"
                else objects.personal_key(world, persona)
            ),
        ),
    ),
    "KEY-28": (
        delete(own=objects.outside_key, denied=INVISIBLE),
        update({"key_alias": "renamed"}, own=objects.outside_key, denied=INVISIBLE),
        block(own=objects.outside_key, denied=INVISIBLE),
    ),
    "KEY-33": (
        update({"key_alias": "renamed"}, check=now(alias="renamed"), **PROJECT),
        block(**PROJECT),
        regenerate(**PROJECT),
        update({"key_alias": "renamed"}, **NOT_THEIRS, only=("proxy_admin", "org_admin", "project_owner")),
    ),
    "KEY-34": (delete(**PROJECT),),
}  # fmt: skip
