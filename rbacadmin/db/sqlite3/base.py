"""Django's SQLite backend with one fair queue per database file for this process's writers.

SQLite lets one transaction write at a time, and a thread that finds it busy sleeps and tries again: under load some
never get their turn ("database is locked"), and the sleeping costs throughput. Here threads queue before
BEGIN IMMEDIATE, in order, and wake up exactly when it is their turn. Other processes still meet at SQLite's own lock.
Reads outside a transaction never queue: in WAL mode they wait for nobody.
"""

import os
import sqlite3
from collections import defaultdict
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from rbacadmin.db.sqlite3.fair_lock import FairLock

# The ignored types below: django-stubs leaves out Django's own methods that begin with an underscore.

WRITES = frozenset({"INSERT", "UPDATE", "DELETE", "REPLAC"})  # the first six letters

_queues: defaultdict[str, FairLock] = defaultdict(FairLock)


class DatabaseWrapper(base.DatabaseWrapper):
    """Holds the file's queue from BEGIN IMMEDIATE until commit, rollback or close; savepoints change nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._queue: FairLock | None = (
            None  # None in memory: threads share that connection, there is no file to wait for
        )
        self._patience = 5.0
        self._has_turn = False
        self.execute_wrappers.append(self._execute_in_turn)

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        if not self.is_in_memory_db():
            self._queue = _queues[os.path.realpath(conn_params["database"])]
        self._patience = float(conn_params.get("timeout", self._patience))
        connection: sqlite3.Connection = super().get_new_connection(conn_params)
        return connection

    def _take_turn(self) -> None:
        if self._queue is not None and not self._has_turn:
            if not self._queue.acquire(self._patience):
                raise OperationalError("database is locked")  # SQLite's own words, so that one handler serves both
            self._has_turn = True

    def _pass_turn(self) -> None:
        if self._has_turn and self._queue is not None:
            self._has_turn = False
            self._queue.release()

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._pass_turn()
            raise

    def _execute_in_turn(self, execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """A write on its own is a transaction too: it queues for just that statement."""
        if self._has_turn or self.in_atomic_block or sql[:6].upper() not in WRITES:
            return execute(sql, params, many, context)
        self._take_turn()
        try:
            return execute(sql, params, many, context)
        finally:
            self._pass_turn()

    def _commit(self) -> None:
        # When it fails the transaction is still open: the rollback that follows passes the turn.
        super()._commit()  # type: ignore[misc]
        self._pass_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._pass_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._pass_turn()
