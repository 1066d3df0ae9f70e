"""The check, the list, the page and the reverse look-up give one answer: every model, every action, everybody."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import Model

from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams.models import User
from tests.policy import subjects
from tests.world import World

EVERYBODY = (
    *("proxy_admin", "auditor", "loner", "viewer", "stranger", "org_admin", "reader", "team_admin"),
    *("second_team_admin", "member", "colleague", "granted", "granted_colleague", "project_owner", "project_member"),
    *("project_colleague", "outsider", "there_member", "there_team_admin", "there_project_owner", "there_outsider"),
    "key of a member in the team",
    "key of the org admin in the team",
    "key of the org admin, carried",
    "key of the org admin, bound to nothing",
    "key of the project owner in the project",
    "key in team and project",
    "key of the proxy admin in the team",
    "key of the auditor, bound to nothing",
    "key of the member, carried next door",
    "key that only views keys",
    "expired key",
    "blocked key",
    "service key of the team",
    "service key of the project",
    "key without an owner in the team",
    "key without an owner, carried",
    "key without owner and place",
    "gateway key",
    "team token",
    "customer token",
    "token of a person",
    "master",
    "nobody",
    "proxy admin who previews reads",
)
# On PostgreSQL one for each way in which a list is cut: role, grant, ownership, membership, cap, reach, nothing.
ON_BOTH = (
    *("proxy_admin", "org_admin", "reader", "team_admin", "granted", "project_owner", "there_member"),
    "key of the org admin, carried",
    "key of the org admin, bound to nothing",
    "key in team and project",
    "key that only views keys",
    "service key of the team",
    "team token",
    "proxy admin who previews reads",
)
TRIED = [pytest.param(name, marks=() if name in ON_BOTH else pytest.mark.sqlite) for name in EVERYBODY]
ORDERS = {
    "rbacadmin.AuditEvent": "-created_at",
    "teams.User": "public_id",
    "gateway.CatalogModel": "name",
    "gateway.Usage": "-ended_at",
}


@pytest.fixture
def furnished(cast: World) -> World:
    subjects.furnish(cast)
    return cast


def rows_of(model: type[Model]) -> list[Any]:
    return list(model._default_manager.order_by("pk"))


def test_every_model_that_can_be_found_is_tried() -> None:
    assert set(subjects.SUBJECTS) == subjects.KNOWN


def test_everybody_is_tried(furnished: World) -> None:
    left_out = set(subjects.actors(furnished)) - set(EVERYBODY)
    assert all(name.startswith("there_") for name in left_out), left_out


@pytest.mark.parametrize("name", TRIED)
def test_the_list_holds_exactly_what_the_check_allows(furnished: World, name: str) -> None:
    actor = subjects.actors(furnished)[name]
    for model in subjects.SUBJECTS:
        rows = rows_of(model)
        for action in Action:
            allowed = [row.pk for row in rows if policy.can(actor, action, row)]
            listed = list(policy.visible(actor, action, model._default_manager.order_by("pk")).values_list("pk"))
            assert [pk for (pk,) in listed] == allowed, (name, action, model)


@pytest.mark.parametrize("name", TRIED)
def test_pages_walked_to_the_end_are_the_list(furnished: World, name: str) -> None:
    """In order and without duplicates, whatever the size of the page; on PostgreSQL each branch is sliced."""
    actor = subjects.actors(furnished)[name]
    for model in subjects.SUBJECTS:
        for action in {model.view_action, Action.DELETE_KEYS, Action.MANAGE_MEMBERS}:  # type: ignore[attr-defined]
            order = ORDERS.get(model._meta.label, "-created_at")
            sign = "-" if order.startswith("-") else ""
            whole = list(policy.visible(actor, action, model._default_manager.order_by(order, f"{sign}pk")))
            for size in (1, 2, 50) if len(whole) < 40 else (7, 50):
                assert walked(actor, action, model, order, size) == whole, (name, action, model, size)


def walked(actor: Actor, action: Action, model: type[Model], order: str, size: int) -> list[Any]:
    """All rows, page by page."""
    found: list[Any] = []
    cursor = None
    while True:
        page = policy.page(actor, action, model._default_manager.all(), order, cursor, size)
        assert len(page.items) == size or page.next_cursor is None
        found += page.items
        assert page.next_cursor is None or page.next_cursor != cursor, "a page that leads to itself"
        cursor = page.next_cursor
        if cursor is None:
            return found


def of_each_shape(model: type[Model]) -> list[Any]:
    """Rows that differ in where they stand or whose they are, a few of each: enough for the reverse look-up.

    On PostgreSQL one of each place: whose it is changes a parameter of the statement and nothing else.
    """
    columns = getattr(model, "scope_columns", {}).values()
    owners = 1 if connection.vendor == "postgresql" and columns else 3
    seen: dict[tuple[Any, ...], Any] = {}
    for row in rows_of(model):
        owner = getattr(row, "user_id", getattr(row, "actor_user_id", row.pk if model is User else None))
        seen.setdefault(
            (owner is None, *(getattr(row, column) for column in columns), owner and hash(owner) % owners), row
        )
    return list(seen.values())


@pytest.mark.parametrize("model", subjects.SUBJECTS, ids=lambda model: model._meta.label)
def test_the_reverse_look_up_names_exactly_those_who_can(furnished: World, model: type[Model]) -> None:
    everybody = [Actor.for_user(user) for user in User.objects.filter(kind="person")]
    for row in of_each_shape(model):
        able: dict[Action, set[Any]] = {}
        for action in Action:
            named = list(policy.who(action, row).values_list("pk", flat=True))
            assert len(named) == len(set(named)), (action, row)
            assert set(named) == {actor.user_id for actor in everybody if policy.can(actor, action, row)}, (action, row)
            able[action] = set(named)
        alike = policy.who_alike(Action, row)
        assert sorted(action for some, _ in alike for action in some) == sorted(Action), "each once"
        for some, people in alike:
            named = set(people.values_list("pk", flat=True))
            assert all(able[action] == named for action in some), row


def test_the_reverse_look_up_without_a_row_names_those_who_can_on_the_platform(furnished: World) -> None:
    everybody = [Actor.for_user(user) for user in User.objects.filter(kind="person")]
    for action in Action:
        named = {user.pk for user in policy.who(action)}
        assert named == {actor.user_id for actor in everybody if policy.can(actor, action)}, action
