"""Which state the managed rows are in, from the statements that this process executed.

Reading every managed row costs as much as a small request, and most requests of the suite write nothing. Every
statement of the connection passes here, so rows need not be read again while none of them wrote.
"""

import re
from collections.abc import Callable, Collection
from typing import Any

from django.db import connection

READS = ("SELECT", "EXPLAI", "PRAGMA", "RELEAS")  # the first six letters
SAVEPOINT = re.compile(r'(SAVEPOINT|ROLLBACK TO SAVEPOINT) "?(\w+)"?', re.IGNORECASE)
WRITE = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', re.IGNORECASE)
ONE_COLUMN = re.compile(r'UPDATE "\w+" SET "(\w+)" = [^,"]+(?: WHERE|$)', re.IGNORECASE)


class Journal:
    """Numbers the states of some tables. The same number means the same rows; a new one, that they may differ."""

    def __init__(self, tables: Collection[str], unnoticed: Collection[str]) -> None:
        """`tables` are those that count; an UPDATE of nothing but one of the `unnoticed` columns does not."""
        self.tables, self.unnoticed = frozenset(tables), frozenset(unnoticed)
        self.begin()

    def begin(self) -> None:
        """Forget what was known: another test, another transaction."""
        self.state, self.highest = 0, 0
        self.savepoints: dict[str, int] = {}

    def watch(self) -> None:
        """Follow this thread's connection from now on."""
        if self not in connection.execute_wrappers:
            connection.execute_wrappers.insert(0, self)  # not last: Django pops what was appended
            self.begin()

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        try:
            return execute(sql, params, many, context)
        finally:
            self.note(sql if isinstance(sql, str) else "")

    def note(self, sql: str) -> None:
        """Follow one statement. What is not understood counts as a write."""
        if sql[:6] in READS:
            return
        if found := SAVEPOINT.match(sql):
            if found[1].upper() == "SAVEPOINT":
                self.savepoints[found[2]] = self.state
            elif found[2] in self.savepoints:
                self.state = self.savepoints[found[2]]
            else:
                self.wrote()
        elif not self.passes(sql):
            self.wrote()

    def passes(self, sql: str) -> bool:
        """Whether it writes a table that does not count, or a column that nobody manages."""
        if not (found := WRITE.match(sql)):
            return False
        column = ONE_COLUMN.match(sql)
        return found[1] not in self.tables or (column is not None and column[1] in self.unnoticed)

    def wrote(self) -> None:
        self.highest += 1
        self.state = self.highest
