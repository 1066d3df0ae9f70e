"""All managed rows as one value, to see that a refusal changed nothing."""

from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection

from tests.support.journal import Journal

LABELS = (
    *("orgs.Organization", "orgs.Project", "teams.Team", "teams.User", "teams.Membership", "keys.Key"),
    *("orgs.OrganizationGrant", "orgs.ProjectGrant", "teams.TeamGrant", "teams.Invitation"),
    *("auth.Group", "rbacadmin.Archived", "rbacadmin.Change", "rbacadmin.Setting", "gateway.Spend"),
    *("usersessions.UserSession", "gateway.CatalogModel", "gateway.ModelAccessGroup"),
    *("gateway.Budget", "gateway.BudgetHeld", "gateway.Customer"),
)
IGNORED = {"last_used_at", "last_login", "last_seen_at"}  # noticed, not managed

Snapshot = dict[str, list[tuple[Any, ...]]]


@cache
def statements() -> dict[str, str]:
    """One SELECT for each model. Plain SQL: this runs twice a call, and model rows would cost more than the call."""
    found = {}
    for label in LABELS:
        meta = apps.get_model(label)._meta
        names = [field.column for field in meta.concrete_fields if field.attname not in IGNORED]
        columns = ", ".join(map(connection.ops.quote_name, names))
        table, key = map(connection.ops.quote_name, (meta.db_table, meta.pk.column))
        found[label] = f"SELECT {columns} FROM {table} ORDER BY {key}"
    return found


@cache
def journal() -> Journal:
    """Follows the statements on the managed tables."""
    return Journal((apps.get_model(label)._meta.db_table for label in LABELS), IGNORED)


known: dict[int, Snapshot] = {}  # by the journal's state, within one test


def forget() -> None:
    """At the start of each test: what was read belongs to another transaction."""
    known.clear()
    journal().begin()


def snapshot() -> Snapshot:
    """Every managed row, by model, as the database holds it; read only if something was written since."""
    if not connection.in_atomic_block:  # other threads may write
        return read()
    journal().watch()
    state = journal().state
    if state not in known:
        known[state] = read()
    return known[state]


def read() -> Snapshot:
    found: Snapshot = {}
    with connection.cursor() as cursor:
        for label, statement in statements().items():
            cursor.execute(statement)
            found[label] = cursor.fetchall()
    return found


def changed(before: Snapshot, after: Snapshot) -> list[str]:
    """The models whose rows differ, for messages."""
    return [] if before is after else [label for label in before if before[label] != after[label]]
