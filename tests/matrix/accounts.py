"""USR-07 to USR-12 and LOG-02: what is done to people, by themselves and by others."""

from typing import Any

from allauth.usersessions.models import UserSession

from keys.models import Key
from rbacadmin.models import Archived
from teams.models import Membership, User
from tests.matrix import objects
from tests.matrix.calls import OWN, Call, Cell
from tests.matrix.people import SEEN

DOLLAR = 10**9
PASSWORD = "correct horse battery staple"
NEW_PASSWORD = "another horse, another staple"
ADDRESS = "renamed@example.com"
OTHERS: dict[str, Any] = {
    "own": objects.colleague,
    "sibling": objects.sibling_person,
    "foreign": objects.foreign_person,
    "denied": SEEN,
}


def oneself(world: Any, persona: str) -> Any:
    """The persona's own row; nobody in particular has none."""
    cell = Cell(world, persona)
    return cell.user if cell.name else None


def ident(cell: Cell) -> str:
    return cell.ident or "nobody@example.com"


def with_password(cell: Cell) -> None:
    user = User.objects.get(pk=cell.target.pk)
    user.set_password(PASSWORD)
    user.save()


def stored(cell: Cell) -> User:
    return User.objects.get(pk=cell.target.pk)


def renamed(cell: Cell, answer: Any) -> None:
    assert (answer["user_id"], answer["data"]["user_email"]) == (ADDRESS, ADDRESS)
    assert (stored(cell).email, stored(cell).public_id) == (ADDRESS, ADDRESS)


def new_password(cell: Cell, answer: Any) -> None:
    assert stored(cell).check_password(NEW_PASSWORD)
    assert "password" not in str(answer)


def own(path: str, event: str, check: Any, named: bool = True, **fields: Any) -> Call:
    """What everybody does to themselves with their current password."""

    def body(cell: Cell) -> dict[str, Any]:
        return {**({"user_id": ident(cell)} if named else {}), "current_password": PASSWORD, **fields}

    return Call("POST", path, body, denied=OWN, own=oneself, arrange=with_password, event=event, check=check)


def changed(**columns: Any) -> Any:
    def check(cell: Cell, answer: Any) -> None:
        row = stored(cell)
        assert {name: getattr(row, name) for name in columns} == columns

    return check


def update(check: Any, event: str = "user.updated", **fields: Any) -> Call:
    """What is done to somebody else."""
    return Call("POST", "/user/update", lambda cell: {"user_id": cell.ident, **fields}, event=event, check=check,
                **OTHERS)  # fmt: skip


def to_oneself(check: Any, **fields: Any) -> Call:
    """What only a platform admin does even to themselves."""
    return Call("POST", "/user/update", lambda cell: {"user_id": ident(cell), **fields}, own=oneself, denied=OWN,
                event="user.updated", check=check)  # fmt: skip


def second_admin(cell: Cell) -> None:
    """So that the first one may step down."""
    User.objects.create(email="second@example.com", platform_role="proxy_admin")


def role_of_another_rank(cell: Cell) -> str:
    return "internal_user" if cell.persona == "proxy_admin" else "proxy_admin"


def ids(cell: Cell) -> dict[str, Any]:
    return {"user_ids": [cell.ident]}


def reset(cell: Cell, answer: Any) -> None:
    assert not stored(cell).has_usable_password()
    assert answer["link"].startswith("/accounts/password/reset/key/")


def is_blocked(blocked: bool) -> Any:
    def check(cell: Cell, answer: Any) -> None:
        (row,) = answer["blocked_users" if blocked else "unblocked_users"]
        assert (row["user_id"], row["blocked"], stored(cell).blocked) == (cell.ident, blocked, blocked)

    return check


def blocked_before(cell: Cell) -> None:
    User.objects.filter(pk=cell.target.pk).update(blocked_by="platform")


def gone(cell: Cell, answer: Any) -> None:
    assert answer == 1
    assert not User.objects.filter(pk=cell.target.pk).exists()
    assert not Key.objects.filter(user_id=cell.target.pk).exists()
    assert not Membership.objects.filter(user_id=cell.target.pk).exists()
    assert Archived.objects.filter(kind="user", object_id=str(cell.target.pk)).count() == 1


def signed_in(cell: Cell) -> None:
    UserSession.objects.create(user_id=cell.target.pk, ip="192.0.2.1", session_key="s" * 32, user_agent="")


def signed_out(cell: Cell, answer: Any) -> None:
    assert answer == {"user_id": cell.ident, "sessions": 1}
    assert not UserSession.objects.filter(user_id=cell.target.pk).exists()


ROWS: dict[str, tuple[Call, ...]] = {
    "USR-07": (
        own("/user/update", "user.email_changed", renamed, user_email="Renamed@Example.com"),
        own("/user/update", "user.password_changed", new_password, password=NEW_PASSWORD),
        own("/user/password/change", "user.password_changed", new_password, named=False, new_password=NEW_PASSWORD),
        own("/user/update", "user.updated", changed(name="Me"), user_alias="Me"),
    ),
    "USR-08": (
        update(changed(platform_role="proxy_admin"), user_role="proxy_admin"),
        update(changed(platform_role="proxy_admin_viewer"), user_role="PROXY_ADMIN_VIEW_ONLY"),
        Call("POST", "/user/update", lambda cell: {"user_id": ident(cell), "user_role": role_of_another_rank(cell)},
             own=oneself, denied=OWN, event="user.updated", arrange=second_admin),
    ),
    "USR-09": (
        update(changed(max_budget=5 * DOLLAR), max_budget=5),
        update(changed(models=["gpt-4"], rpm_limit=0), models=["gpt-4"], rpm_limit=0),
        to_oneself(changed(max_budget=5 * DOLLAR), max_budget=5),
    ),
    "USR-10": (
        update(renamed, "user.email_changed", user_email=ADDRESS),
        Call("POST", "/user/password/reset", lambda cell: {"user_id": cell.ident}, check=reset,
             event="user.password_reset_triggered", **OTHERS),
    ),
    "USR-11": (
        Call("POST", "/user/block", ids, event="user.blocked", check=is_blocked(True), **OTHERS),
        Call("POST", "/user/unblock", ids, event="user.unblocked", check=is_blocked(False), arrange=blocked_before,
             **OTHERS),
    ),
    "USR-12": (
        Call("POST", "/user/delete", ids, event="user.deleted", check=gone, **OTHERS),
        Call("DELETE", "/user/delete", ids, event="user.deleted", check=gone, **OTHERS),
    ),
    "LOG-02": (
        Call("POST", "/user/sessions/revoke", lambda cell: {"user_id": cell.ident}, event="user.sessions_revoked",
             check=signed_out, arrange=signed_in, **OTHERS),
    ),
}  # fmt: skip
