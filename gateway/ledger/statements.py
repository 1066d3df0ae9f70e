"""The statements that write a batch. PostgreSQL takes columns as arrays and calls by COPY, SQLite takes row by row.

Money and counts are added by the database, so that several processes may write at once. They stop at MOST_COUNTED: one
sum that no column holds would keep the calls of everybody in its batch from being written.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from gateway.ledger.models import Usage
from gateway.ledger.usage import Event
from gateway.models import DailyUsage, Spend
from rbacadmin import money
from rbacadmin.slices import slices

if TYPE_CHECKING:
    from gateway.ledger.writing import Booking

CALL = (
    *("request_id", "batch", "started_at", "ended_at"),
    *("key_id", "user_id", "membership_id", "project_membership_id", "team_id", "project_id", "organization_id"),
    *("model", "deployment_id", "route", "status", "prompt_tokens", "completion_tokens", "cost", "customer", "tags"),
)
DAY = ("kind", "object_id", "day", "model", "requests", "failures", "prompt_tokens", "completion_tokens", "spend")
TYPES_OF_DAY = ("text", "uuid", "date", "text", *["bigint"] * 5)
SPEND = ("object_id", "kind", "since", "first", "lifetime", "current")
TYPES_OF_SPEND = ("uuid", "text", "timestamptz", "timestamptz", "bigint", "bigint")

MOST_COUNTED = money.MAX_NANO  # no budget is larger, so what has reached this refuses under any

Rows = Sequence[Sequence[Any]]


def sum_of(column: str, more: str) -> str:
    """SQL for a column with `more` (0 to MOST_COUNTED) added, which ends at MOST_COUNTED and never overflows."""
    least = "LEAST" if connection.vendor == "postgresql" else "MIN"
    return f"{least}({column}, {MOST_COUNTED} - {more}) + {more}"


def insert_usage(events: Sequence[Event], batch: UUID) -> None:
    """Write calls that are not there yet. Raises IntegrityError when another process was faster with one of them."""
    if not events:
        return
    rows = [call(event, batch) for event in events]
    table, columns = Usage._meta.db_table, ", ".join(CALL)
    # Django looks after the errors of `execute`, not after those of COPY: the driver's own would reach the caller
    with connection.wrap_database_errors, connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places(CALL)})", stored(rows))  # noqa: S608


def call(event: Event, batch: UUID) -> tuple[Any, ...]:
    return (
        *(event.request_id, batch, event.started_at, event.ended_at, *event.parties),
        *(event.model, event.deployment_id, event.route, event.status, event.prompt_tokens, event.completion_tokens),
        *(event.cost, event.customer, json.dumps(event.tags)),
    )


def add_days(days: Mapping[tuple[str, UUID, date, str], Sequence[int]]) -> None:
    """Add to the sums of days, in the order of their key."""
    rows = [(*line, *(min(count, MOST_COUNTED) for count in days[line])) for line in sorted(days, key=key_of_day)]
    table = DailyUsage._meta.db_table
    sums = ", ".join(f"{name} = {sum_of(f'{table}.{name}', f'excluded.{name}')}" for name in DAY[4:])
    run_many(
        f"INSERT INTO {table} ({', '.join(DAY)})",
        f"ON CONFLICT (kind, object_id, day, model) DO UPDATE SET {sums}",
        rows,
        TYPES_OF_DAY,
    )


def key_of_day(line: tuple[str, UUID, date, str]) -> tuple[str, int, date, str]:
    """What days are ordered by. Numbers, for ids compare themselves in Python: a tenth of a batch's time."""
    kind, pk, day, model = line
    return kind, pk.int, day, model


def add_spend(spends: Mapping[UUID, "Booking"], also: Iterable[UUID] = ()) -> None:
    """Add to what was spent, in the order of the ids. What a past period counted goes.

    Rows are locked before they are changed, along with `also`: an UPDATE alone would lock them in any order.
    """
    rows = [
        (pk, found.kind, found.since, found.first, min(found.lifetime, MOST_COUNTED), min(found.current, MOST_COUNTED))
        for pk in sorted(spends, key=attrgetter("int"))
        if (found := spends[pk])
    ]
    table = Spend._meta.db_table
    there = existing(sorted({*spends, *also}, key=attrgetter("int")))
    over = "period_start IS NULL OR period_start < {since}"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET lifetime = {sum_of(f'{table}.lifetime', 'x.lifetime')}, "  # noqa: S608
                f"current = CASE WHEN x.since IS NOT NULL AND ({over.format(since='x.since')}) THEN x.current "
                f"ELSE {sum_of(f'{table}.current', 'x.current')} END, "
                f"period_start = CASE WHEN x.since IS NOT NULL AND ({over.format(since='x.since')}) THEN x.since "
                f"ELSE {table}.period_start END "
                f"FROM {unnested(SPEND, TYPES_OF_SPEND)} WHERE {table}.object_id = x.object_id",
                columns_of([row for row in rows if row[0] in there], TYPES_OF_SPEND),
            )
    else:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {table} SET lifetime = {sum_of('lifetime', '%s')}, "  # noqa: S608
                f"current = CASE WHEN %s IS NOT NULL AND ({over.format(since='%s')}) THEN %s "
                f"ELSE {sum_of('current', '%s')} END, "
                f"period_start = CASE WHEN %s IS NOT NULL AND ({over.format(since='%s')}) THEN %s "
                "ELSE period_start END WHERE object_id = %s",
                stored(
                    [
                        (lifetime, lifetime, since, since, current, current, current, since, since, since, pk)
                        for pk, _, since, _, lifetime, current in rows
                        if pk in there
                    ]
                ),
            )
    run_many(
        f"INSERT INTO {table} (object_id, kind, period_start, lifetime, current, reserved)",
        f"ON CONFLICT (object_id) DO UPDATE SET "
        f"lifetime = {sum_of(f'{table}.lifetime', 'excluded.lifetime')}, "
        f"current = {sum_of(f'{table}.current', 'excluded.current')}",
        [(pk, kind, since or first, life, now, 0) for pk, kind, since, first, life, now in rows if pk not in there],
        ("uuid", "text", "timestamptz", "bigint", "bigint", "bigint"),
    )


def existing(ids: Sequence[UUID]) -> set[UUID]:
    """Which Spend rows are there, locked until the transaction ends."""
    if not ids:
        return set()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT object_id FROM {Spend._meta.db_table} WHERE object_id = ANY(%s) "  # noqa: S608
                "ORDER BY object_id FOR UPDATE",
                [list(ids)],
            )
            return {row[0] for row in cursor.fetchall()}
    found: set[UUID] = set()
    for some in slices(ids):
        found |= set(Spend.objects.filter(pk__in=some).values_list("pk", flat=True))
    return found


def run_many(head: str, tail: str, rows: Rows, types: Sequence[str]) -> None:
    """One INSERT of many rows, in their order."""
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            names = [f"c{number}" for number in range(len(types))]
            source = f"SELECT {', '.join(names)} FROM {unnested(names, types)}"  # noqa: S608 (no value is part of it)
            cursor.execute(f"{head} {source} {tail}", columns_of(rows, types))
        else:
            cursor.executemany(f"{head} VALUES ({places(types)}) {tail}", stored(rows))


def unnested(names: Sequence[str], types: Sequence[str]) -> str:
    """Arrays as a table `x`; its rows come in the order of the arrays."""
    return f"unnest({', '.join(f'%s::{name}[]' for name in types)}) AS x({', '.join(names)})"


def columns_of(rows: Rows, types: Sequence[str]) -> list[Any]:
    """The rows as one array for each column.

    The driver looks at every value for what must be quoted, which only texts can hold: the others are written here.
    """
    columns: Iterable[Sequence[Any]] = zip(*rows, strict=True) if rows else ((),) * len(types)
    return [list(found) if kind == "text" else array_of(found) for kind, found in zip(types, columns, strict=True)]


def array_of(values: Iterable[Any]) -> str:
    """Ids, numbers and moments as PostgreSQL reads an array."""
    return f"{{{','.join('NULL' if value is None else written(value) for value in values)}}}"


def written(value: UUID | date | int) -> str:
    if isinstance(value, UUID):
        return value.hex
    return value.isoformat() if isinstance(value, date) else str(value)


def places(columns: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(columns))


def stored(rows: Iterable[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Rows as SQLite keeps their values."""
    return [tuple(as_stored(value) for value in row) for row in rows]


def as_stored(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value.isoformat() if isinstance(value, date) else value
