"""Copies of the world's rows: no test sees what another has set on them."""

from copy import deepcopy
from typing import Any

from django.db.models import Model
from django.db.models.base import ModelState

from tests.world import Side, World

SCOPES = ("organization", "team", "granted_team", "other_team", "project", "other_project")


def reread(built: World) -> World:
    """The world with rows as the database holds them. One query for each kind of row."""
    by_model: dict[type[Model], set[Any]] = {}
    for row in rows_of(built):
        by_model.setdefault(type(row), set()).add(row.pk)
    found = {row.pk: row for model, ids in by_model.items() for row in model._default_manager.filter(pk__in=ids)}
    for row in rows_of(built):
        if hasattr(row, "secret"):
            found[row.pk].secret = row.secret  # type: ignore[attr-defined]
    return of_rows(built, found)


def copied(read: World) -> World:
    """The same world with rows of its own. No query: a test's savepoint begins where the rows were read."""
    return of_rows(read, {row.pk: copy_of(row) for row in rows_of(read)})


def copy_of(row: Any) -> Any:
    """A row as it comes from the database: lists and objects its own, and nothing related read yet."""
    copy = type(row).__new__(type(row))
    for name, value in vars(row).items():
        vars(copy)[name] = deepcopy(value) if type(value) in (dict, list) else value
    copy._state = state = ModelState()
    state.adding, state.db = False, row._state.db
    return copy


def rows_of(world: World) -> list[Any]:
    """Every row that somebody of the cast, or a place or key of theirs, is."""
    sides = (world.here, world.there)
    rows = [getattr(side, name) for side in sides for name in SCOPES]
    rows += [row for side in sides for row in (*side.people.values(), *side.keys.values())]
    return rows + list(world.people.values())


def of_rows(world: World, found: dict[Any, Any]) -> World:
    """The world with these rows, by primary key, in place of its own."""

    def side(of: Side) -> Side:
        scopes = {name: found[getattr(of, name).pk] for name in SCOPES}
        people = {name: found[user.pk] for name, user in of.people.items()}
        return Side(**scopes, people=people, keys={name: found[key.pk] for name, key in of.keys.items()})

    people = {name: found[user.pk] for name, user in world.people.items()}
    return World(side(world.here), side(world.there), people=people, secrets=world.secrets, catalog=world.catalog)
